/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket, which a fault can really close for a while. Connections that are already
 * open stay. The first one is Jetty's own; as a started connector never opens a second, later ones
 * are opened here and served by the same selector.
 */
final class Port {

    final ServerConnector connector;
    private final ScheduledExecutorService scheduler;
    private volatile boolean closed;
    private volatile @Nullable ServerSocketChannel channel;
    private @Nullable Closeable acceptor;

    Port(Server server, HttpConnectionFactory http, ScheduledExecutorService scheduler) {
        // Without acceptor threads the selector accepts, and can stop and start again.
        this.connector = new ServerConnector(server, null, null, null, 0, 1, http);
        this.scheduler = scheduler;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Closes the port, and runs the task as soon as connections are refused. Until the port is open
     * again, a second call only runs its task.
     */
    void closeFor(long millis, Runnable then) {
        scheduler.execute(() -> close(millis, then));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it handles its failures
    private void close(long millis, Runnable then) {
        if (closed) {
            then.run();
            return;
        }
        closed = true;
        if (acceptor == null) {
            // It must open again with the same number, even if the system chose it.
            connector.setPort(connector.getLocalPort());
            connector.setAccepting(false);
            // Jetty only stops accepting; the system would go on until the backlog is full.
            IO.close((ServerSocketChannel) connector.getTransport());
        } else {
            IO.close(acceptor);
            IO.close(channel);
        }
        whenRefused(() -> {
            scheduler.schedule(this::reopen, millis, TimeUnit.MILLISECONDS);
            then.run();
        });
    }

    /** Once the server has stopped: closes what Jetty does not know of. */
    void stopped() {
        IO.close(channel);
    }

    /** The system accepts connections until the selector has let go of the closed socket. */
    @SuppressWarnings("FutureReturnValueIgnored") // it handles its failures
    private void whenRefused(Runnable then) {
        try (Socket probe = new Socket()) {
            probe.connect(address(), 100);
            scheduler.schedule(() -> whenRefused(then), 1, TimeUnit.MILLISECONDS);
        } catch (SocketTimeoutException e) {
            scheduler.execute(() -> whenRefused(then));
        } catch (IOException e) {
            then.run();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it handles its failures
    private void reopen() {
        try {
            ServerSocketChannel opened = ServerSocketChannel.open();
            try {
                opened.configureBlocking(false);
                opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                opened.bind(address());
            } catch (IOException e) {
                opened.close();
                throw e;
            }
            channel = opened;
            // Before it accepts: the first connection would be cut else.
            closed = false;
            acceptor = connector.getSelectorManager().acceptor(opened);
        } catch (IOException e) {
            // Another program may have the port for a moment: keep trying.
            scheduler.schedule(this::reopen, 50, TimeUnit.MILLISECONDS);
        }
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getPort());
    }
}
