/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.springframework.jms.connection.CachingConnectionFactory;

/** The queue, at an Artemis broker outside or, for trying it out, in this process. */
final class Queue implements AutoCloseable {

    private static final String EMBEDDED = "embedded:";
    private static final int CONSUMERS = 8;

    private final String name;
    private final String deadLetter;
    private final String url;
    private final ActiveMQConnectionFactory connections;
    private final CachingConnectionFactory sending;
    private final @Nullable EmbeddedActiveMQ broker;

    Queue(Settings settings, String url, Path directory) throws Exception {
        this.name = settings.get(Settings.QUEUE_NAME, "ksher.orders");
        this.deadLetter = settings.get(Settings.QUEUE_DEAD_LETTER, "DLQ");
        this.broker = url.startsWith(EMBEDDED) ? start(url.substring(EMBEDDED.length()), directory) : null;
        this.url = broker == null ? url : "tcp://127.0.0.1:" + url.substring(EMBEDDED.length());
        try {
            this.connections = new ActiveMQConnectionFactory(this.url);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--queue is no broker's URL such as tcp://host:61616");
        }
        // None is fetched before it is worked on: those of a killed worker would count as delivered, and end as dead
        // letters.
        connections.setConsumerWindowSize(0);
        connections.setUser(settings.get(Settings.QUEUE_USER));
        connections.setPassword(settings.get(Settings.QUEUE_PASSWORD));
        this.sending = new CachingConnectionFactory(connections);
    }

    private static EmbeddedActiveMQ start(String port, Path directory) throws Exception {
        if (!port.matches("[0-9]{1,5}")) {
            throw new UsageException("--queue embedded:PORT needs a port: " + port);
        }
        Configuration configuration = new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setSecurityEnabled(false)
                .setBindingsDirectory(directory.resolve("broker/bindings").toString())
                .setJournalDirectory(directory.resolve("broker/journal").toString())
                .setLargeMessagesDirectory(directory.resolve("broker/large").toString())
                .setPagingDirectory(directory.resolve("broker/paging").toString())
                .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port)
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setDeadLetterAddress(SimpleString.of("DLQ"))
                                .setAutoCreateQueues(true)
                                .setAutoDeleteQueues(false)
                                .setAutoDeleteAddresses(false));
        return new EmbeddedActiveMQ().setConfiguration(configuration).start();
    }

    void bindTo(Main camel) {
        JmsComponent jms = JmsComponent.jmsComponent(connections);
        jms.getConfiguration().setTransacted(true);
        // The session's own transaction: a message that is not in the journal yet goes back to the broker.
        jms.getConfiguration().setLazyCreateTransactionManager(false);
        jms.getConfiguration().setCacheLevelName("CACHE_CONSUMER");
        jms.getConfiguration().setRecoveryInterval(2_000);
        camel.bind("batch-queue", jms);
        JmsComponent sender = JmsComponent.jmsComponent(sending);
        camel.bind("batch-queue-send", sender);
    }

    String consumerUri() {
        return "batch-queue:queue:" + name + "?concurrentConsumers=" + CONSUMERS
                + "&asyncStartListener=true&asyncStopListener=false";
    }

    String producerUri() {
        return "batch-queue-send:queue:" + name;
    }

    String deadLetterUri() {
        return "batch-queue-send:queue:" + deadLetter;
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
            try {
                broker.stop();
            } catch (Exception e) {
                throw new IllegalStateException("the embedded broker did not stop", e);
            }
        }
    }
}
