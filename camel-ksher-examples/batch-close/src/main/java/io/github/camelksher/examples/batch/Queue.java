/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatchRoutes;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.utils.ConfigurationHelper;
import org.apache.camel.Exchange;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsConfiguration;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.support.converter.MessageConverter;

/** The queue, at an Artemis broker outside or, for trying it out, in this process. */
final class Queue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    private static final String EMBEDDED = "embedded:";
    private static final int CONSUMERS = 8;
    /** As many as Camel's thread pool for sending has threads. */
    private static final int SENDERS = 20;

    private static final int LOOKS = 5;
    private static final int TRY_AGAIN_SECONDS = 2;
    /** Said otherwise: the broker is gone. */
    private static final Set<ActiveMQExceptionType> GONE = EnumSet.of(
            ActiveMQExceptionType.DISCONNECTED,
            ActiveMQExceptionType.NOT_CONNECTED,
            ActiveMQExceptionType.OBJECT_CLOSED,
            ActiveMQExceptionType.UNBLOCKED);

    private final String name;
    private final String deadLetter;
    private final String url;
    private final ActiveMQConnectionFactory connections;
    private final BrokerConnections announced;
    private final CachingConnectionFactory sending;
    private final @Nullable EmbeddedBroker broker;
    private final Consumer<Throwable> onError;

    /** @param onError is told of what should never happen in a thread that takes messages */
    Queue(Settings settings, String url, Path directory, Consumer<Throwable> onError) throws Exception {
        this.onError = onError;
        this.name = settings.get(Settings.QUEUE_NAME, "ksher.orders");
        this.deadLetter = settings.get(Settings.QUEUE_DEAD_LETTER, "DLQ");
        if (name.equals(deadLetter)) {
            throw new UsageException(Settings.QUEUE_NAME + " and " + Settings.QUEUE_DEAD_LETTER
                    + " must be two queues: dead letters would come back for ever.");
        }
        this.broker =
                url.startsWith(EMBEDDED) ? EmbeddedBroker.start(url.substring(EMBEDDED.length()), directory) : null;
        this.url = broker == null ? url : broker.url();
        this.connections = connections(this.url);
        // None is fetched before it is worked on: those of a killed worker would count as delivered, and end as dead
        // letters.
        connections.setConsumerWindowSize(0);
        // Whoever may write to the queue must not choose what is run here: see Reading.
        connections.setDeserializationDenyList("*");
        connections.setUser(settings.get(Settings.QUEUE_USER));
        connections.setPassword(settings.get(Settings.QUEUE_PASSWORD));
        this.announced = new BrokerConnections(connections, toString(), TRY_AGAIN_SECONDS);
        this.sending = new CachingConnectionFactory(announced);
        sending.setSessionCacheSize(SENDERS);
    }

    private static ActiveMQConnectionFactory connections(String url) throws UsageException {
        try {
            ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory(url);
            TransportConfiguration[] brokers = connections.getStaticConnectors();
            if (brokers != null
                    && brokers.length > 0
                    && List.of(brokers).stream().allMatch(Queue::hasPort)) {
                return connections;
            }
        } catch (RuntimeException e) {
            // Said below, without the URL: it can hold a password.
        }
        throw new UsageException(
                "--queue needs a broker's URL such as tcp://host:61616, or embedded:61616 to try it out.");
    }

    private static boolean hasPort(TransportConfiguration broker) {
        int port = ConfigurationHelper.getIntProperty(TransportConstants.PORT_PROP_NAME, -1, broker.getParams());
        return port > 0 && port <= 65_535;
    }

    /**
     * Asks the broker for what will be needed of it.
     *
     * @throws UsageException if it does not let us in; if it is not there, it may come later
     */
    void tryOut(boolean consume) throws UsageException {
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            if (consume) {
                session.createConsumer(session.createQueue(name)).close();
            }
        } catch (JMSSecurityException e) {
            throw new UsageException("The broker does not let us " + (consume ? "consume" : "send to") + " " + this
                    + ": check batch.queue.user and .password, and the user's rights.");
        } catch (JMSException e) {
            announced.isGone(e);
        }
    }

    /**
     * Asks the broker whether nobody else consumes the queue: for a journal that is one process's own.
     *
     * @throws UsageException if somebody does; if the broker is not there, it cannot be told
     */
    void requireAlone() throws UsageException {
        long others = 0;
        for (int look = 1; look <= LOOKS; look++) {
            others = consumers();
            if (others == 0) {
                return;
            }
            // One that was killed a moment ago may still be counted.
            try {
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        throw new UsageException(
                this + " has another consumer, and this journal is one process's own: each would have a"
                        + " part of every batch. Stop the other one, or give all of them one journal"
                        + " (--journal jdbc:postgresql://…).");
    }

    private long consumers() {
        try (ServerLocator locator = ActiveMQClient.createServerLocator(url);
                ClientSessionFactory factory = locator.createSessionFactory();
                ClientSession session = factory.createSession(
                        connections.getUser(), connections.getPassword(), false, true, true, false, 1)) {
            return session.queueQuery(SimpleString.of(name)).getConsumerCount();
        } catch (Exception e) {
            // It is not there yet, or does not tell.
            LOG.debug("The broker does not say who consumes {}", this, e);
            return 0;
        }
    }

    void bindTo(Main camel) {
        JmsComponent consumer = JmsComponent.jmsComponent(announced);
        JmsConfiguration consuming = consumer.getConfiguration();
        consuming.setTransacted(true);
        // The session's own transaction: a message that is not in the journal yet goes back to the broker.
        consuming.setLazyCreateTransactionManager(false);
        consuming.setCacheLevelName("CACHE_CONSUMER");
        consuming.setRecoveryInterval(TRY_AGAIN_SECONDS * 1_000L);
        consuming.setErrorHandler(this::notTaken);
        consuming.setMessageConverter(new Reading());
        // Nobody waits for an answer, whatever the sender says.
        consuming.setDisableReplyTo(true);
        // Most of its news come late: a connection that is gone is announced when there is no new one.
        consuming.setExceptionListener(announced::mayBeRefused);
        camel.bind("batch-queue", consumer);
        JmsComponent sender = JmsComponent.jmsComponent(sending);
        // A dead letter is the message that came, not what was read of it.
        sender.getConfiguration().setForceSendOriginalMessage(true);
        sender.getConfiguration().setMessageCreatedStrategy(Queue::giveReason);
        camel.bind("batch-queue-send", sender);
    }

    private void notTaken(Throwable e) {
        Throwable cause = Application.innermost(e);
        if (cause instanceof Error) {
            onError.accept(cause);
        } else if (!(cause instanceof ActiveMQException broker) || !GONE.contains(broker.getType())) {
            LOG.warn("A message goes back to its queue: {}", BrokerConnections.reason(e));
        }
    }

    /** A message that came is written on again, but only when its properties are cleared. */
    private static void giveReason(
            Message message, Session session, @Nullable Exchange exchange, @Nullable Throwable cause) {
        String reason =
                exchange == null ? null : exchange.getMessage().getHeader(KsherBatchRoutes.REASON, String.class);
        if (reason != null) {
            try {
                Map<String, Object> properties = new HashMap<>();
                for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
                    String property = String.valueOf(names.nextElement());
                    properties.put(property, message.getObjectProperty(property));
                }
                properties.keySet().removeIf(property -> property.startsWith("JMSX"));
                message.clearProperties();
                for (Map.Entry<String, Object> property : properties.entrySet()) {
                    message.setObjectProperty(property.getKey(), property.getValue());
                }
                message.setStringProperty(KsherBatchRoutes.REASON, reason);
            } catch (JMSException e) {
                throw new IllegalStateException("the reason for a dead letter cannot be written on it", e);
            }
        }
    }

    String consumerUri() {
        return "batch-queue:queue:" + name + "?concurrentConsumers=" + CONSUMERS
                + "&asyncStartListener=true&asyncStopListener=false";
    }

    String producerUri() {
        return "batch-queue-send:queue:" + name + "?exchangePattern=InOnly";
    }

    String deadLetterUri() {
        return "batch-queue-send:queue:" + deadLetter + "?exchangePattern=InOnly";
    }

    /** Throws if the broker cannot be reached. */
    void check() throws JMSException {
        try (Connection connection = connections.createConnection()) {
            connection.start();
        }
    }

    @Override
    public String toString() {
        // Without what may stand behind it: parameters can hold a password.
        return "queue " + name + " at " + url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
    }

    @Override
    public void close() {
        sending.destroy();
        connections.close();
        if (broker != null) {
            broker.close();
        }
    }

    /** Reads texts and bytes only: what else is in a message is nobody's to read, least of all a Java object. */
    private static final class Reading implements MessageConverter {

        @Override
        public @Nullable Object fromMessage(Message message) throws JMSException {
            if (message instanceof BytesMessage bytes) {
                byte[] all = new byte[Math.toIntExact(bytes.getBodyLength())];
                bytes.readBytes(all);
                return all;
            }
            return message instanceof TextMessage text ? text.getText() : null;
        }

        @Override
        public Message toMessage(Object body, Session session) {
            throw new UnsupportedOperationException("is for reading only");
        }
    }
}
