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
 * An HttpClient connection that refuses bytes which arrived before the request. They would be taken
 * for the reply to another order's call, and a cancel has no signature that would tell.
 */
final class StaleCheckedConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {

    /** The connection cannot be used. Nothing of the request was written. */
    static final class UnusableConnectionException extends IOException {

        private static final long serialVersionUID = 1L;

        UnusableConnectionException(String message, @Nullable IOException cause) {
            super(message, cause);
        }
    }

    private static final int MAX_REFUSAL = 65_536;
    private static final Timeout MOMENT = Timeout.ofMilliseconds(1);
    /** Limits of a response head: HttpClient by default reads it until memory is full. */
    private static final Http1Config LIMITS =
            Http1Config.custom().setMaxHeaderCount(200).setMaxLineLength(16_384).build();

    private final ResponseParser parser;
    private final ByteBuffer oneByte = ByteBuffer.allocate(1);
    private @Nullable SocketChannel channel;
    /** Whether the stale check passed after the last reply. */
    private boolean checked;
    /** Whether the request is a CONNECT to a proxy. */
    private boolean connecting;

    private volatile boolean closed;

    /** Makes a connection without a socket. */
    StaleCheckedConnection() {
        this(new ResponseParser());
    }

    private StaleCheckedConnection(ResponseParser parser) {
        super(LIMITS, null, null, null, null, null, limits -> parser);
        this.parser = parser;
    }

    /**
     * A socket with a channel. It has none behind a SOCKS proxy (the given one, or that of
     * {@code socksProxyHost}), since channels do not support it. A {@link java.net.ProxySelector}
     * is not asked.
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
     * Whether the server closed the connection or sent unrequested bytes. HttpClient's own check
     * waits a millisecond for each open connection, and ignores unread bytes. A channel answers at
     * once: see decision 006.
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

    /** Whether there is nothing to read, not even the end of the stream. */
    private boolean isSilent(SocketChannel open) throws IOException {
        if (getSSLSession() != null && ensureOpen().getInputStream().available() > 0) {
            // TLS has decrypted it already.
            return false;
        }
        oneByte.clear();
        open.configureBlocking(false);
        int read = open.read(oneByte);
        open.configureBlocking(true);
        return read == 0;
    }

    /**
     * HttpClient's two checks, a millisecond each: for the end of the stream, then for bytes. The
     * second one finds bytes that arrive during the first one, in the buffer.
     */
    private boolean isSilentForAMoment() throws IOException {
        return !super.isStale() && !isDataAvailable(MOMENT);
    }

    /** Checks a connection that was not checked at its lease: a new or just challenged one. */
    @Override
    public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
        if (!checked) {
            refuseUnlessSilent();
        }
        checked = false;
        connecting = Method.CONNECT.isSame(request.getMethod());
        super.sendRequestHeader(request);
    }

    /** Reads a proxy's refusal up to a limit. HttpClient would read it to its end. */
    @Override
    public void receiveResponseEntity(ClassicHttpResponse response) throws HttpException, IOException {
        super.receiveResponseEntity(response);
        if (connecting || response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
            byte[] text = response.getEntity().getContent().readNBytes(MAX_REFUSAL);
            if (text.length == MAX_REFUSAL) {
                throw new IOException("the proxy's refusal is longer than " + MAX_REFUSAL + " bytes");
            }
            response.setEntity(new ByteArrayEntity(text, null));
        }
    }

    private void refuseUnlessSilent() throws UnusableConnectionException {
        IOException reason = null;
        try {
            // After a TLS handshake a channel cannot tell the server's session tickets
            // from a reply.
            boolean byChannel = channel != null && getSSLSession() == null;
            if (byChannel ? !isStale() : isSilentForAMoment()) {
                return;
            }
        } catch (IOException e) {
            // For example the alert of a server that does not accept the client certificate.
            reason = e;
        }
        throw new UnusableConnectionException(
                "the server closed the connection, or sent something, before the request was written", reason);
    }

    /** HttpClient's parser, which knows the connection's buffer and so the bytes after a reply. */
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
        // HttpClient keeps bytes that arrived before TLS, and would take them
        // for the server's reply.
        if (parser.hasUnread()) {
            throw new UnusableConnectionException("the proxy sent more than its answer to CONNECT", null);
        }
        super.bind(tls, socket);
        bound(socket);
    }

    /** An abort during connecting closes one socket, and HttpClient then tries the next address. */
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

    /** Does nothing: each lease and each request sets the timeout. */
    @Override
    public void passivate() {}

    @Override
    public void activate() {}
}
