/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One call's way back to its caller: whole, byte by byte, or not at all. */
record Sender(Request request, Response response, Callback callback, ScheduledExecutorService scheduler) {

    /** Tells Jetty, which would log any other failure, that this connection was closed on purpose. */
    private static final class Cut extends Exception implements QuietException {
        private static final long serialVersionUID = 1L;

        Cut() {
            super("cut by a fault", null, false, false);
        }
    }

    void send(int status, String type, byte[] body) {
        head(status, type, body);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** Closes the connection at once. */
    void cut() {
        request.getConnectionMetaData().getConnection().getEndPoint().close();
        callback.failed(new Cut());
    }

    void trickle(String type, byte[] body, long millisPerByte) {
        head(200, type, body);
        trickleFrom(0, body, millisPerByte);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends it, by the callback
    private void trickleFrom(int next, byte[] body, long millisPerByte) {
        boolean last = next == body.length - 1;
        ByteBuffer one = ByteBuffer.wrap(body, next, 1);
        Callback then = Callback.from(
                () -> scheduler.schedule(
                        () -> trickleFrom(next + 1, body, millisPerByte), millisPerByte, TimeUnit.MILLISECONDS),
                callback::failed);
        response.write(last, one, last ? callback : then);
    }

    private void head(int status, String type, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    }
}
