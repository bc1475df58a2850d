/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/**
 * A broker in this process, for trying a queue out: on this machine only, without passwords, its
 * data under the report's directory.
 */
final class EmbeddedBroker implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final long LOCK_WITHIN_MILLIS = TimeUnit.SECONDS.toMillis(5);
    private static final String DEAD_LETTERS = "DLQ";

    private final EmbeddedActiveMQ server;
    private final int port;
    /** Taken before the broker takes its own: that one's refusal is a long trace. */
    private final FileChannel lock;

    private EmbeddedBroker(EmbeddedActiveMQ server, int port, FileChannel lock) {
        this.server = server;
        this.port = port;
        this.lock = lock;
    }

    static EmbeddedBroker start(String port, Path directory) throws Exception {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) == 0 || Integer.parseInt(port) > 65_535) {
            throw new UsageException("--queue embedded:PORT needs a port from 1 to 65535: " + port);
        }
        int number = Integer.parseInt(port);
        requireFree(number);
        Path data = directory.resolve("broker");
        FileChannel lock;
        try {
            Files.createDirectories(data);
            lock = FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UsageException("--queue embedded:" + port + ": its data cannot be kept in " + data + " ("
                    + e.getClass().getSimpleName() + "). Make room for it, or use another --report directory.");
        }
        try {
            if (lock.tryLock() == null) {
                throw new UsageException("--queue embedded:" + port + ": another one has its data in " + data
                        + ". Use that one (--queue tcp://" + HOST + ":PORT), or another --report directory.");
            }
            EmbeddedActiveMQ server = new EmbeddedActiveMQ().setConfiguration(configuration(number, data));
            server.start();
            if (!server.getActiveMQServer().isActive()) {
                server.stop();
                throw new StoppedException("The embedded broker does not start: see above.");
            }
            return new EmbeddedBroker(server, number, lock);
        } catch (UsageException | StoppedException e) {
            lock.close();
            throw e;
        }
    }

    /** Checked first: the broker itself would write a long trace, and run without a port. */
    private static void requireFree(int port) throws UsageException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        } catch (IOException e) {
            throw new UsageException("--queue embedded:" + port + ": the port is in use. Use the broker that is there"
                    + " (--queue tcp://" + HOST + ":" + port + "), or another port.");
        }
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

    String url() {
        return "tcp://" + HOST + ":" + port;
    }

    @Override
    public void close() {
        try {
            server.stop();
            lock.close();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded broker did not stop", e);
        }
    }
}
