/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import io.github.camelksher.simulator.protocol.RequestValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server: one port, the four calls and the control API. */
public final class SimulatorServer implements AutoCloseable {

    private static final long IDLE_MILLIS = 600_000;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ksher-simulator-timer");
        thread.setDaemon(true);
        return thread;
    });
    private final Server server;
    private final Port port;
    private int number;

    /** {@code port} 0 is any free one. */
    public SimulatorServer(String host, int port) {
        QueuedThreadPool threads = new QueuedThreadPool(64);
        threads.setName("ksher-simulator");
        threads.setDaemon(true);
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // An order number may have a slash; there are no files that a path could escape to.
        http.setUriCompliance(UriCompliance.UNSAFE);
        this.port = new Port(server, new HttpConnectionFactory(http), scheduler);
        this.port.connector.setHost(host);
        this.port.connector.setPort(port);
        this.port.connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(this.port.connector);
    }

    /** What ends waits and repeats notifications; its one thread must not be held up. */
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /**
     * Opens the port.
     *
     * @throws IOException if that is not possible, for instance because it is in use
     */
    public void start(RequestValidator validator, CallPipeline pipeline, ControlHandler control) throws IOException {
        server.setHandler(new Handler.Sequence(new CallHandler(validator, pipeline, port, scheduler), control));
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw e instanceof IOException io ? io : new IOException("the simulator did not start", e);
        }
        number = port.connector.getLocalPort();
    }

    public int port() {
        return number;
    }

    public int openConnections() {
        return port.connector.getConnectedEndPoints().size();
    }

    /** Waits until the server has stopped. */
    public void join() throws InterruptedException {
        server.join();
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException("the simulator did not stop", e));
        } finally {
            port.stopped();
        }
    }
}
