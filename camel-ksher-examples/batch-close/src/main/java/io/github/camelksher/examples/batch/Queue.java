/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.EnumSet;
import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsConfiguration;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.connection.CachingConnectionFactory;

/** The queue as Camel's routes use it, at a broker outside or, to try it out, in this process. */
final class Queue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    private static final String EMBEDDED = "embedded:";
    private static final int CONSUMERS = 8;
    /** As many as Camel's thread pool for sending has threads. */
    private static final int SENDERS = 20;

    /** {@link BrokerConnections} says that the broker is gone, so these are not said again. */
    private static final Set<ActiveMQExceptionType> GONE = EnumSet.of(
            ActiveMQExceptionType.DISCONNECTED,
            ActiveMQExceptionType.NOT_CONNECTED,
            ActiveMQExceptionType.OBJECT_CLOSED,
            ActiveMQExceptionType.UNBLOCKED);

    private final Ending ending;
    private final String name;
    private final String deadLetter;
    private final @Nullable EmbeddedBroker embedded;
    final Broker broker;
    private final CachingConnectionFactory sending;

    private Queue(Application application, String url) throws Exception {
        Settings settings = application.settings;
        this.ending = application.ending;
        this.name = settings.get(Settings.QUEUE_NAME, "ksher.orders");
        this.deadLetter = settings.get(Settings.QUEUE_DEAD_LETTER, "DLQ");
        if (name.equals(deadLetter)) {
            throw new UsageException(Settings.QUEUE_NAME + " and " + Settings.QUEUE_DEAD_LETTER
                    + " must be two queues: dead letters would come back for ever.");
        }
        this.embedded = url.startsWith(EMBEDDED)
                ? EmbeddedBroker.start(url.substring(EMBEDDED.length()), application.configuration.getReport())
                : null;
        this.broker = new Broker(settings, embedded == null ? url : embedded.url(), name);
        this.sending = new CachingConnectionFactory(broker.connections);
        sending.setSessionCacheSize(SENDERS);
    }

    /** The queue that the settings name; closed with the application. */
    static Queue open(Application application, String url) throws Exception {
        Queue queue = new Queue(application, url);
        application.closeFirst(queue);
        return queue;
    }

    void bindTo(Main camel) {
        JmsComponent consumer = JmsComponent.jmsComponent(broker.connections);
        JmsConfiguration consuming = consumer.getConfiguration();
        consuming.setTransacted(true);
        // The session's own transaction: a message goes
        // back to the broker until the journal has it.
        consuming.setLazyCreateTransactionManager(false);
        consuming.setCacheLevelName("CACHE_CONSUMER");
        consuming.setRecoveryInterval(BrokerConnections.TRY_AGAIN_SECONDS * 1_000L);
        consuming.setErrorHandler(this::deliveryFailed);
        consuming.setMessageConverter(new TextOrBytes());
        // No answer is ever sent, whatever the sender asks for.
        consuming.setDisableReplyTo(true);
        // It tells late that a connection is gone, so
        // BrokerConnections says it when a new one fails.
        consuming.setExceptionListener(broker.connections::mayBeRefused);
        camel.bind("batch-queue", consumer);
        JmsComponent sender = JmsComponent.jmsComponent(sending);
        // A dead letter is the message that came, not what was read of it.
        sender.getConfiguration().setForceSendOriginalMessage(true);
        sender.getConfiguration().setMessageCreatedStrategy(new DeadLetterReason());
        camel.bind("batch-queue-send", sender);
    }

    private void deliveryFailed(Throwable e) {
        Throwable cause = RootCause.of(e);
        if (cause instanceof Error) {
            ending.fail(cause);
        } else if (!(cause instanceof ActiveMQException failure) || !GONE.contains(failure.getType())) {
            LOG.warn("A message goes back to its queue: {}", RootCause.reason(e));
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

    @Override
    public String toString() {
        return broker.toString();
    }

    @Override
    public void close() {
        sending.destroy();
        broker.close();
        if (embedded != null) {
            embedded.close();
        }
    }
}
