/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.examples.broker.LocalBroker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A broker in this process, for trying a queue out, with its data under the report's directory. The
 * module that has it is not part of the program that is deployed.
 */
final class EmbeddedBroker implements AutoCloseable {

    private final LocalBroker broker;
    private final int port;
    /** Taken before the broker takes its own: that one's refusal is a long trace. */
    private final FileChannel lock;

    private EmbeddedBroker(LocalBroker broker, int port, FileChannel lock) {
        this.broker = broker;
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
        EmbeddedBroker embedded = new EmbeddedBroker(new LocalBroker(number, data), number, lock);
        try {
            if (lock.tryLock() == null) {
                throw new UsageException("--queue embedded:" + port + ": another one has its data in " + data
                        + ". Use that one (--queue tcp://127.0.0.1:PORT), or another --report directory.");
            }
            if (!embedded.broker.start()) {
                throw new StoppedException("The embedded broker does not start: see above.");
            }
            return embedded;
        } catch (Exception | Error e) {
            try (embedded) {
                throw e;
            }
        }
    }

    private static void requireFree(int port) throws UsageException {
        try {
            if (!LocalBroker.isFree(port)) {
                throw new UsageException("--queue embedded:" + port
                        + ": the port is in use. Use the broker that is there (--queue tcp://127.0.0.1:" + port
                        + "), or another port.");
            }
        } catch (NoClassDefFoundError e) {
            throw new UsageException("--queue embedded:" + port + ": no broker is in this program. It is for trying"
                    + " a queue out, with camel-ksher-examples/batch-close/run of the sources. Start a broker, and"
                    + " use --queue tcp://host:61616.");
        }
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        try (lock) {
            broker.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded broker did not stop", e);
        }
    }
}
