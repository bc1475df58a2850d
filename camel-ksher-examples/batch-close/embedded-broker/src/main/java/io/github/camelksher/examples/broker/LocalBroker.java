/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** A broker in this process: on this machine only, without passwords. */
public final class LocalBroker {

    private static final String HOST = "127.0.0.1";
    private static final long LOCK_WITHIN_MILLIS = TimeUnit.SECONDS.toMillis(5);
    private static final String DEAD_LETTERS = "DLQ";

    private final EmbeddedActiveMQ server;

    /**
     * Does not start it yet.
     *
     * @param data the folder that it keeps its messages in
     */
    public LocalBroker(int port, Path data) throws Exception {
        this.server = new EmbeddedActiveMQ().setConfiguration(configuration(port, data));
    }

    /**
     * Whether it could listen on this port. To be asked first: the broker itself would write a long
     * trace, and run without a port.
     */
    public static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts it, and returns whether it runs. If not, it has said why. */
    public boolean start() throws Exception {
        server.start();
        return server.getActiveMQServer().isActive();
    }

    private static Configuration configuration(int port, Path data) throws Exception {
        return new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalLockAcquisitionTimeout(LOCK_WITHIN_MILLIS)
                .setSecurityEnabled(false)
                // Senders would wait in silence once the disk is nearly full.
                .setMaxDiskUsage(-1)
                .setBindingsDirectory(data.resolve("bindings").toString())
                .setJournalDirectory(data.resolve("journal").toString())
                .setLargeMessagesDirectory(data.resolve("large").toString())
                .setPagingDirectory(data.resolve("paging").toString())
                .addAcceptorConfiguration("tcp", "tcp://" + HOST + ":" + port)
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setDeadLetterAddress(SimpleString.of(DEAD_LETTERS))
                                .setExpiryAddress(SimpleString.of(DEAD_LETTERS))
                                // The program says what is a dead letter:
                                // an interrupted delivery is none.
                                .setMaxDeliveryAttempts(-1)
                                .setAutoCreateQueues(true)
                                .setAutoDeleteQueues(false)
                                .setAutoDeleteAddresses(false));
    }

    /** Stops it; before it was started, this does nothing. */
    public void stop() throws Exception {
        if (server.getActiveMQServer() != null) {
            server.stop();
        }
    }
}
