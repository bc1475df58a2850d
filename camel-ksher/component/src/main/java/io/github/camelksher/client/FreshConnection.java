/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.impl.io.LenientHttpResponseParser;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is not used again if the server closed it, or if it holds bytes that nobody asked for: read as the
 * next reply, they would answer another order's call, and a cancel has no signature that would tell. All else is
 * HttpClient's own, whose look at a connection takes a millisecond if all is well; this one asks the channel, which
 * answers at once.
 */
final class FreshConnection implements ManagedHttpClientConnection {

    private static final Timeout MOMENT = Timeout.ofMilliseconds(1);
    /** Heads that are longer are no heads: HttpClient by itself reads them until the memory is full. */
    private static final Http1Config LIMITS =
            Http1Config.custom().setMaxHeaderCount(200).setMaxLineLength(16_384).build();

    private final ManagedHttpClientConnection connection;
    private final Parser parser;
    private final ByteBuffer oneByte = ByteBuffer.allocateDirect(1);
    private @Nullable SocketChannel channel;
    private volatile boolean closed;

    private FreshConnection(ManagedHttpClientConnection connection, Parser parser) {
        this.connection = connection;
        this.parser = parser;
    }

    /** For a pool, which binds a socket to it later. */
    static FreshConnection create(@Nullable Socket socket) throws IOException {
        Parser parser = new Parser();
        return new FreshConnection(
                ManagedHttpClientConnectionFactory.builder()
                        .http1Config(LIMITS)
                        .responseParserFactory(limits -> parser)
                        .build()
                        .createConnection(socket),
                parser);
    }

    /**
     * A socket with a channel, unless the way leads through a SOCKS proxy, which channels do not know: one that was given, or
     * the one of the property {@code socksProxyHost}. A {@link java.net.ProxySelector} is not asked.
     */
    static Socket socket(@Nullable Proxy proxy) throws IOException {
        if (proxy != null) {
            return new Socket(proxy);
        }
        return System.getProperty("socksProxyHost") == null
                ? SocketChannel.open().socket()
                : new Socket();
    }

    @Override
    public boolean isStale() throws IOException {
        if (!connection.isOpen() || parser.hasUnread()) {
            return true;
        }
        try {
            if (channel == null) {
                // HttpClient's two questions: whether there is something to read, and if not, whether it is the end.
                return connection.isDataAvailable(MOMENT) || connection.isStale();
            }
            // Under TLS something may be decrypted already.
            return (isTls() && connection.getSocket().getInputStream().available() > 0) || !isSilent(channel);
        } catch (IOException e) {
            return true;
        }
    }

    private boolean isTls() {
        return connection.getSSLSession() != null;
    }

    /** Nothing to read, not even the end. */
    private boolean isSilent(SocketChannel open) throws IOException {
        oneByte.clear();
        open.configureBlocking(false);
        int read = open.read(oneByte);
        open.configureBlocking(true);
        return read == 0;
    }

    /** HttpClient's own, which is given the connection's buffer, and so can tell what was read beyond a reply. */
    private static final class Parser extends LenientHttpResponseParser {

        private @Nullable SessionInputBuffer buffer;

        Parser() {
            super(LIMITS);
        }

        @Override
        public ClassicHttpResponse parse(SessionInputBuffer from, InputStream in) throws IOException, HttpException {
            buffer = from;
            return super.parse(from, in);
        }

        boolean hasUnread() {
            return buffer != null && buffer.length() > 0;
        }
    }

    @Override
    public void bind(Socket socket) throws IOException {
        connection.bind(socket);
        channel = socket.getChannel();
        refuseIfClosed(socket);
    }

    /** A call that ends while it connects closes the socket of one address; HttpClient goes on to the next. */
    private void refuseIfClosed(Socket socket) throws IOException {
        if (closed) {
            socket.close();
            throw new ClosedChannelException();
        }
    }

    @Override
    public void bind(SSLSocket tls, Socket socket) throws IOException {
        // HttpClient keeps what it read before TLS began: it would pass for Ksher's reply.
        if (parser.hasUnread()) {
            throw new IOException("the proxy sent more than its answer to CONNECT");
        }
        connection.bind(tls, socket);
        channel = socket.getChannel();
        refuseIfClosed(socket);
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
        closed = true;
        connection.close();
    }

    @Override
    public void close(CloseMode mode) {
        closed = true;
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
