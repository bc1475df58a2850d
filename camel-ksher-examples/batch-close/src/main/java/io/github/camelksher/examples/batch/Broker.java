/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Session;
import java.util.List;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.utils.ConfigurationHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the program asks an Artemis broker about its queue. */
final class Broker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    private static final int ATTEMPTS = 5;
    /** A broker tells of its consumers only those who may manage it, so it is asked again. */
    private static final long ASK_AGAIN_MILLIS = 1_000;

    private final String url;
    private final String queue;
    private final ActiveMQConnectionFactory factory;
    final BrokerConnections connections;

    Broker(Settings settings, String url, String queue) throws UsageException {
        this.url = url;
        this.queue = queue;
        this.factory = factory(url);
        // A message that is fetched before it is worked on counts as delivered when its worker is
        // killed, and would end as a dead letter.
        factory.setConsumerWindowSize(0);
        // Who may write to the queue must not choose which classes are loaded here.
        factory.setDeserializationDenyList("*");
        factory.setUser(settings.get(Settings.QUEUE_USER));
        factory.setPassword(settings.get(Settings.QUEUE_PASSWORD));
        this.connections = new BrokerConnections(factory, toString());
    }

    private static ActiveMQConnectionFactory factory(String url) throws UsageException {
        try {
            ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
            TransportConfiguration[] brokers = factory.getStaticConnectors();
            if (brokers != null
                    && brokers.length > 0
                    && List.of(brokers).stream().allMatch(Broker::hasPort)) {
                return factory;
            }
        } catch (RuntimeException e) {
            // Refused below, without the URL: it can hold a password.
        }
        throw new UsageException(
                "--queue needs a broker's URL such as tcp://host:61616, or embedded:61616 to try it out.");
    }

    private static boolean hasPort(TransportConfiguration broker) {
        int port = ConfigurationHelper.getIntProperty(TransportConstants.PORT_PROP_NAME, -1, broker.getParams());
        return port > 0 && port <= 65_535;
    }

    /**
     * Makes sure that this user may consume the queue, or send to it.
     *
     * @throws UsageException if it may not; a broker that is not there may come later
     */
    void requireAccess(boolean consume) throws UsageException {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            if (consume) {
                session.createConsumer(session.createQueue(queue)).close();
            }
        } catch (JMSSecurityException e) {
            throw new UsageException("The broker does not let us " + (consume ? "consume" : "send to") + " " + this
                    + ": check batch.queue.user and .password, and the user's rights.");
        } catch (JMSException e) {
            connections.isGone(e);
        }
    }

    /**
     * Makes sure that nobody else consumes the queue, for a journal that is one process's own. Ends
     * without an answer if the run is to end.
     *
     * @throws UsageException if somebody does; a broker that is not there cannot be asked
     */
    void requireNoOtherConsumer(Ending ending) throws UsageException {
        for (int attempt = 1; consumers() > 0; attempt++) {
            if (attempt == ATTEMPTS) {
                throw new UsageException(
                        this + " has another consumer, and this journal is one process's own: each would have a"
                                + " part of every batch. Stop the other one, or give all of them one journal"
                                + " (--journal jdbc:postgresql://…).");
            }
            // A consumer that was killed a moment ago may still be counted.
            if (ending.awaitWanted(ASK_AGAIN_MILLIS)) {
                return;
            }
        }
    }

    private long consumers() {
        try (ServerLocator locator = ActiveMQClient.createServerLocator(url);
                ClientSessionFactory sessions = locator.createSessionFactory();
                ClientSession session =
                        sessions.createSession(factory.getUser(), factory.getPassword(), false, true, true, false, 1)) {
            return session.queueQuery(SimpleString.of(queue)).getConsumerCount();
        } catch (Exception e) {
            // It is not there yet, or does not tell.
            LOG.debug("The broker does not say who consumes {}", this, e);
            return 0;
        }
    }

    /** Throws if the broker cannot be reached. */
    void check() throws JMSException {
        try (Connection connection = factory.createConnection()) {
            connection.start();
        }
    }

    @Override
    public String toString() {
        return "queue " + queue + " at " + SettingChecks.withoutSecrets(url);
    }

    @Override
    public void close() {
        factory.close();
    }
}
