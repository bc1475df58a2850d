/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The listening socket, which a fault can really close for a while. Connections that are already open stay. */
final class Port {

    private final ServerConnector connector;
    private final ScheduledExecutorService scheduler;
    private volatile boolean closed;

    Port(Server server, HttpConnectionFactory http, ScheduledExecutorService scheduler) {
        // No acceptor threads: the selector accepts, so accepting can stop and start again with the channel.
        this.connector = new ServerConnector(server, null, null, null, 0, 1, http) {
            @Override
            protected ServerSocketChannel openAcceptChannel() throws IOException {
                ServerSocketChannel channel = super.openAcceptChannel();
                channel.configureBlocking(false);
                return channel;
            }
        };
        this.scheduler = scheduler;
    }

    ServerConnector connector() {
        return connector;
    }

    boolean isClosed() {
        return closed;
    }

    /** Only call this on the scheduler's thread. Until the port is open again, a second call changes nothing. */
    @SuppressWarnings("FutureReturnValueIgnored") // it cannot fail but by what it handles itself
    void closeFor(long millis) {
        if (closed) {
            return;
        }
        closed = true;
        // The number must be the same when it opens again, also if it was chosen by the system.
        connector.setPort(connector.getLocalPort());
        connector.setAccepting(false);
        connector.close();
        scheduler.schedule(this::reopen, millis, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it cannot fail but by what it handles itself
    private void reopen() {
        try {
            connector.open();
            connector.setAccepting(true);
            closed = false;
        } catch (IOException e) {
            // Somebody else may have taken the port for a moment: keep trying, as a restarted server would be retried.
            scheduler.schedule(this::reopen, 50, TimeUnit.MILLISECONDS);
        }
    }
}
