/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import io.github.camelksher.simulator.fault.Caller;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The connection to the caller of one call. */
record HttpCaller(Request request, Response response, Callback callback, Port port, ScheduledExecutorService scheduler)
        implements Caller {

    private static final String JSON = "application/json";

    /** Closed on purpose: Jetty would log any other failure. */
    private static final class Cut extends Exception implements QuietException {
        private static final long serialVersionUID = 1L;

        Cut() {
            super("cut by a fault", null, false, false);
        }
    }

    @Override
    public void reply(byte[] json) {
        send(200, JSON, json);
    }

    @Override
    public void send(int status, String type, String body, @Nullable Duration retryAfter) {
        if (retryAfter != null) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, retryAfter.toSeconds());
        }
        send(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private void send(int status, String type, byte[] body) {
        head(status, type, body);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    @Override
    public void cut() {
        request.getConnectionMetaData().getConnection().getEndPoint().close();
        callback.failed(new Cut());
    }

    @Override
    public void refuse(long millis) {
        // First the port, then the connection: a caller that tries again at once must be refused.
        port.closeFor(millis, this::cut);
    }

    @Override
    public void trickle(byte[] json, long millisPerByte) {
        head(200, JSON, json);
        trickleFrom(0, json, millisPerByte);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in the callback
    private void trickleFrom(int next, byte[] body, long millisPerByte) {
        boolean last = next == body.length - 1;
        ByteBuffer one = ByteBuffer.wrap(body, next, 1);
        Callback then = Callback.from(
                () -> scheduler.schedule(
                        () -> trickleFrom(next + 1, body, millisPerByte), millisPerByte, TimeUnit.MILLISECONDS),
                callback::failed);
        response.write(last, one, last ? callback : then);
    }

    /** Runs the task later on a thread of Jetty's, so that no signature holds up the timer. */
    @SuppressWarnings("FutureReturnValueIgnored") // the task answers the call in any case
    void later(long nanos, Runnable task) {
        if (nanos == 0) {
            run(task);
            return;
        }
        Executor threads = request.getConnectionMetaData().getConnector().getExecutor();
        scheduler.schedule(() -> threads.execute(() -> run(task)), nanos, TimeUnit.NANOSECONDS);
    }

    /** Runs the task, and fails the call if the task fails: a caller would wait for ever else. */
    void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            callback.failed(e);
        }
    }

    private void head(int status, String type, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    }
}
