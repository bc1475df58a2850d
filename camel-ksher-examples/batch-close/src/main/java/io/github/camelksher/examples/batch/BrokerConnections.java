/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.connection.DelegatingConnectionFactory;

/** Says once that the broker is gone, and once that it is back: it is tried every other second. */
final class BrokerConnections extends DelegatingConnectionFactory {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    static final int TRY_AGAIN_SECONDS = 2;
    private static final Duration REFUSED_AGAIN = Duration.ofMinutes(1);

    private final ActiveMQConnectionFactory connections;
    private final String queue;
    private boolean gone;
    private long refusedAt = System.nanoTime() - REFUSED_AGAIN.toNanos();

    /** @param queue what to call the queue */
    BrokerConnections(ActiveMQConnectionFactory connections, String queue) {
        this.connections = connections;
        this.queue = queue;
        setTargetConnectionFactory(connections);
    }

    @Override
    public Connection createConnection() throws JMSException {
        try {
            Connection connection = super.createConnection();
            isThere();
            return connection;
        } catch (JMSException e) {
            isGone(e);
            throw e;
        }
    }

    synchronized void isGone(JMSException e) {
        if (!mayBeRefused(e) && !gone) {
            LOG.warn(
                    "The broker of {} cannot be reached ({}{}): trying again every {} s.",
                    queue,
                    unknownHosts(),
                    RootCause.reason(e),
                    TRY_AGAIN_SECONDS);
            gone = true;
        }
    }

    /** Whether the broker refuses us. It does so at every attempt, so it is said once a minute. */
    synchronized boolean mayBeRefused(JMSException e) {
        boolean refused = e instanceof JMSSecurityException;
        if (refused && System.nanoTime() - refusedAt >= REFUSED_AGAIN.toNanos()) {
            refusedAt = System.nanoTime();
            LOG.warn(
                    "The broker of {} does not let us in ({}): check batch.queue.user and .password, and the user's rights. Trying again every {} s.",
                    queue,
                    RootCause.reason(e),
                    TRY_AGAIN_SECONDS);
        }
        return refused;
    }

    private String unknownHosts() {
        StringBuilder unknown = new StringBuilder();
        for (TransportConfiguration one : connections.getStaticConnectors()) {
            String host = String.valueOf(one.getParams().get(TransportConstants.HOST_PROP_NAME));
            if (new InetSocketAddress(host, 0).isUnresolved()) {
                unknown.append("no such host: ").append(host).append("; ");
            }
        }
        return unknown.toString();
    }

    private synchronized void isThere() {
        if (gone) {
            LOG.info("The broker of {} is there.", queue);
        }
        gone = false;
    }
}
