/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import io.github.camelksher.simulator.protocol.ApiCall;
import io.github.camelksher.simulator.protocol.ApiRequest;
import io.github.camelksher.simulator.protocol.Form;
import io.github.camelksher.simulator.protocol.RequestValidator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** Reads the requests of the four calls, and hands them to {@link CallPipeline}. */
final class CallHandler extends Handler.Abstract {

    private static final int MAX_FORM = 65_536;

    private final RequestValidator validator;
    private final CallPipeline pipeline;
    private final Port port;
    private final ScheduledExecutorService scheduler;

    CallHandler(RequestValidator validator, CallPipeline pipeline, Port port, ScheduledExecutorService scheduler) {
        this.validator = validator;
        this.pipeline = pipeline;
        this.port = port;
        this.scheduler = scheduler;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ApiCall call = ApiCall.ofPath(Request.getPathInContext(request));
        if (call == null) {
            return false;
        }
        HttpCaller caller = new HttpCaller(request, response, callback, port, scheduler);
        String method = request.getMethod();
        if (port.isClosed()) {
            pipeline.refuseUnread(call, caller);
        } else if (!validator.allows(method)) {
            response.getHeaders().put(HttpHeader.ALLOW, validator.allowedMethods());
            caller.send(405, "text/plain", validator.allowedMethods() + " only", null);
        } else if (method.equals("GET")) {
            String query = request.getHttpURI().getQuery();
            byte[] form = query == null ? new byte[0] : query.getBytes(StandardCharsets.UTF_8);
            caller.run(() -> read(call, ByteBuffer.wrap(form), caller));
        } else {
            Content.Source.asByteBuffer(
                    request, Promise.from(body -> caller.run(() -> read(call, body, caller)), callback::failed));
        }
        return true;
    }

    private void read(ApiCall call, ByteBuffer body, HttpCaller caller) {
        if (body.remaining() > MAX_FORM) {
            caller.send(413, "text/plain", "form too large", null);
            return;
        }
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        Map<String, String> form;
        try {
            form = Form.parse(bytes);
        } catch (IllegalArgumentException e) {
            caller.send(400, "text/plain", "broken form", null);
            return;
        }
        boolean withV2 = "V2".equals(caller.request().getHeaders().get("ksher-sign-version"));
        pipeline.begin(new ApiRequest(call, form, withV2), caller);
    }
}
