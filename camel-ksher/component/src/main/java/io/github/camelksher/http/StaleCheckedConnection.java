/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.impl.io.LenientHttpResponseParser;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HttpClient's connection, which in addition never takes for a reply what was there before the request. Such bytes would answer
 * another order's call, and a cancel has no signature that would tell.
 */
final class StaleCheckedConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {

    /** The connection cannot carry the request, of which nothing was written. */
    static final class UnusableConnectionException extends IOException {

        private static final long serialVersionUID = 1L;

        UnusableConnectionException(String message, @Nullable IOException cause) {
            super(message, cause);
        }
    }

    private static final int MAX_REFUSAL = 65_536;
    private static final Timeout MOMENT = Timeout.ofMilliseconds(1);
    /** Heads that are longer are no heads: HttpClient by itself reads them until the memory is full. */
    private static final Http1Config LIMITS =
            Http1Config.custom().setMaxHeaderCount(200).setMaxLineLength(16_384).build();

    private final ResponseParser parser;
    private final ByteBuffer oneByte = ByteBuffer.allocate(1);
    private @Nullable SocketChannel channel;
    /** Whether it was found silent after the last reply. */
    private boolean checked;
    /** Whether a proxy is asked for a tunnel. */
    private boolean connecting;

    private volatile boolean closed;

    /** Not bound to a socket yet. */
    StaleCheckedConnection() {
        this(new ResponseParser());
    }

    private StaleCheckedConnection(ResponseParser parser) {
        super(LIMITS, null, null, null, null, null, limits -> parser);
        this.parser = parser;
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

    /**
     * Whether the server closed the connection, or sent what nobody asked for. HttpClient's own check waits a millisecond for each
     * open connection, and takes unread bytes for a good sign. A channel answers at once: see decision 006.
     */
    @Override
    public boolean isStale() throws IOException {
        checked = false;
        if (isOpen() && !parser.hasUnread()) {
            try {
                checked = channel == null ? isSilentForAMoment() : isSilent(channel);
            } catch (IOException e) {
                return true;
            }
        }
        return !checked;
    }

    /** Nothing to read, not even the end. */
    private boolean isSilent(SocketChannel open) throws IOException {
        if (getSSLSession() != null && ensureOpen().getInputStream().available() > 0) {
            // Decrypted already.
            return false;
        }
        oneByte.clear();
        open.configureBlocking(false);
        int read = open.read(oneByte);
        open.configureBlocking(true);
        return read == 0;
    }

    /**
     * HttpClient's two questions, a millisecond each: whether it is the end, and if not, whether there is something to read. In this
     * order, since what comes while the first one waits is in the buffer for the second.
     */
    private boolean isSilentForAMoment() throws IOException {
        return !super.isStale() && !isDataAvailable(MOMENT);
    }

    /** Connections from the pool were checked a moment ago; new ones, and one on which a proxy has just answered, were not. */
    @Override
    public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
        if (!checked) {
            refuseUnlessSilent();
        }
        checked = false;
        connecting = Method.CONNECT.isSame(request.getMethod());
        super.sendRequestHeader(request);
    }

    /** What a proxy says when it refuses is read here. HttpClient would read it to its end, however far that is. */
    @Override
    public void receiveResponseEntity(ClassicHttpResponse response) throws HttpException, IOException {
        super.receiveResponseEntity(response);
        if (connecting || response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
            byte[] text = response.getEntity().getContent().readNBytes(MAX_REFUSAL);
            if (text.length == MAX_REFUSAL) {
                throw new IOException("what the proxy says when it refuses is longer than " + MAX_REFUSAL + " bytes");
            }
            response.setEntity(new ByteArrayEntity(text, null));
        }
    }

    private void refuseUnlessSilent() throws UnusableConnectionException {
        IOException reason = null;
        try {
            // After a TLS handshake the server may have sent session tickets, which a channel cannot tell from a reply.
            boolean byChannel = channel != null && getSSLSession() == null;
            if (byChannel ? !isStale() : isSilentForAMoment()) {
                return;
            }
        } catch (IOException e) {
            // Such as the alert of a server that wants another certificate of the client.
            reason = e;
        }
        throw new UnusableConnectionException(
                "the server closed the connection, or sent something, before the request was written", reason);
    }

    /** HttpClient's own, which is given the connection's buffer, and so can tell what was read beyond a reply. */
    private static final class ResponseParser extends LenientHttpResponseParser {

        private @Nullable SessionInputBuffer buffer;

        ResponseParser() {
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
        super.bind(socket);
        bound(socket);
    }

    @Override
    public void bind(SSLSocket tls, Socket socket) throws IOException {
        // HttpClient keeps what it read before TLS began: it would pass for the server's reply.
        if (parser.hasUnread()) {
            throw new UnusableConnectionException("the proxy sent more than its answer to CONNECT", null);
        }
        super.bind(tls, socket);
        bound(socket);
    }

    /** A call that is aborted while it connects closes the socket of one address. HttpClient goes on to the next. */
    private void bound(Socket socket) throws IOException {
        checked = false;
        channel = socket.getChannel();
        if (closed) {
            socket.close();
            throw new ClosedChannelException();
        }
    }

    @Override
    public @Nullable Socket getSocket() {
        SocketHolder holder = getSocketHolder();
        return holder == null ? null : holder.getSocket();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
    }

    @Override
    public void close(CloseMode mode) {
        closed = true;
        super.close(mode);
    }

    /** Each lease and each request sets the timeout anew. */
    @Override
    public void passivate() {}

    @Override
    public void activate() {}
}
