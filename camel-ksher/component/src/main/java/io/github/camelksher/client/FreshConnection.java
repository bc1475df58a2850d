/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is not used again if the server closed it, or if it holds bytes that nobody asked for: read as the
 * next reply, they would answer another order's call, and a cancel has no signature that would tell. All else is
 * HttpClient's own.
 */
final class FreshConnection implements ManagedHttpClientConnection {

    private static final Timeout MOMENT = Timeout.ofMilliseconds(1);

    private final ManagedHttpClientConnection connection;

    FreshConnection(ManagedHttpClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public boolean isStale() throws IOException {
        if (!connection.isOpen()) {
            return true;
        }
        long asked = System.nanoTime();
        try {
            if (connection.isDataAvailable(MOMENT)) {
                return true;
            }
        } catch (IOException e) {
            return true;
        }
        // An open connection takes the whole moment to say nothing; a closed one says so at once.
        return System.nanoTime() - asked < 1_000_000 && connection.isStale();
    }

    @Override
    public void bind(Socket socket) throws IOException {
        connection.bind(socket);
    }

    @Override
    public void bind(SSLSocket tls, Socket socket) throws IOException {
        connection.bind(tls, socket);
    }

    @Override
    public @Nullable Socket getSocket() {
        return connection.getSocket();
    }

    @Override
    public @Nullable SSLSession getSSLSession() {
        return connection.getSSLSession();
    }

    @Override
    public void passivate() {
        connection.passivate();
    }

    @Override
    public void activate() {
        connection.activate();
    }

    @Override
    public boolean isConsistent() {
        return connection.isConsistent();
    }

    @Override
    public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
        connection.sendRequestHeader(request);
    }

    @Override
    public void terminateRequest(ClassicHttpRequest request) throws HttpException, IOException {
        connection.terminateRequest(request);
    }

    @Override
    public void sendRequestEntity(ClassicHttpRequest request) throws HttpException, IOException {
        connection.sendRequestEntity(request);
    }

    @Override
    public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
        return connection.receiveResponseHeader();
    }

    @Override
    public void receiveResponseEntity(ClassicHttpResponse response) throws HttpException, IOException {
        connection.receiveResponseEntity(response);
    }

    @Override
    public boolean isDataAvailable(Timeout timeout) throws IOException {
        return connection.isDataAvailable(timeout);
    }

    @Override
    public void flush() throws IOException {
        connection.flush();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    @Override
    public void close(CloseMode mode) {
        connection.close(mode);
    }

    @Override
    public @Nullable EndpointDetails getEndpointDetails() {
        return connection.getEndpointDetails();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() {
        return connection.getLocalAddress();
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() {
        return connection.getRemoteAddress();
    }

    @Override
    public @Nullable ProtocolVersion getProtocolVersion() {
        return connection.getProtocolVersion();
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public @Nullable Timeout getSocketTimeout() {
        return connection.getSocketTimeout();
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        connection.setSocketTimeout(timeout);
    }
}
