/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/**
 * A broker as operators have one: it keeps its messages, and gives a message up after 10
 * deliveries. On a free port of this machine.
 */
final class TestBroker implements AutoCloseable {

    static final String ORDERS = "ksher.orders";
    static final String DEAD = "DLQ";

    private final Path data;
    private final int port;
    private final boolean secured;
    private EmbeddedActiveMQ server;

    TestBroker(Path data) throws Exception {
        this(data, freePort(), false);
        start();
    }

    private TestBroker(Path data, int port, boolean secured) {
        this.data = data;
        this.port = port;
        this.secured = secured;
        this.server = server();
    }

    /**
     * Lets {@code batch} with the password {@code secret}
     * do all, and {@code guest} with the same nothing.
     */
    static TestBroker secured(Path data) throws Exception {
        TestBroker broker = new TestBroker(data, freePort(), true);
        broker.start();
        return broker;
    }

    /** It has an address, but is not there. */
    static TestBroker notStarted(Path data) throws IOException {
        return new TestBroker(data, freePort(), false);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private EmbeddedActiveMQ server() {
        try {
            SecurityConfiguration users = new SecurityConfiguration(
                    Map.of("batch", "secret", "guest", "secret"), Map.of("batch", List.of("all"), "guest", List.of()));
            Role all = new Role("all", true, true, true, true, true, true, true, true, true, true, false, false);
            return new EmbeddedActiveMQ()
                    .setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users))
                    .setConfiguration(new ConfigurationImpl()
                            .setPersistenceEnabled(true)
                            .setJournalType(JournalType.NIO)
                            .setSecurityEnabled(secured)
                            .putSecurityRoles("#", Set.of(all))
                            .setMaxDiskUsage(-1)
                            .setBindingsDirectory(data.resolve("bindings").toString())
                            .setJournalDirectory(data.resolve("journal").toString())
                            .setLargeMessagesDirectory(data.resolve("large").toString())
                            .setPagingDirectory(data.resolve("paging").toString())
                            .addAcceptorConfiguration("tcp", url())
                            .addAddressSetting(
                                    "#",
                                    new AddressSettings()
                                            .setDeadLetterAddress(SimpleString.of(DEAD))
                                            .setExpiryAddress(SimpleString.of(DEAD))
                                            .setAutoDeleteQueues(false)
                                            .setAutoDeleteAddresses(false)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    /** Also after {@link #stop}, with the messages that were there. */
    void start() throws Exception {
        server = server();
        server.start();
        if (!server.getActiveMQServer().isActive()) {
            throw new IllegalStateException("the broker did not start");
        }
    }

    void stop() throws Exception {
        server.stop();
    }

    <T> T with(Function<JMSContext, T> work) {
        try (ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory(url());
                JMSContext context = connections.createContext()) {
            return work.apply(context);
        }
    }

    /** Puts messages on the queue of orders. */
    void send(String... texts) {
        with(context -> {
            for (String text : texts) {
                context.createProducer().send(context.createQueue(ORDERS), text);
            }
            return null;
        });
    }

    /** How many messages a queue has, those that are in a worker's hands too. */
    long count(String queue) {
        var found = server.getActiveMQServer().locateQueue(SimpleString.of(queue));
        return found == null ? 0 : found.getMessageCount();
    }

    /** The dead letters, which stay where they are. */
    List<Message> deadLetters() {
        return with(context -> {
            try (QueueBrowser browser = context.createBrowser(context.createQueue(DEAD))) {
                List<Message> messages = new ArrayList<>();
                for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); ) {
                    messages.add((Message) all.nextElement());
                }
                return messages;
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
