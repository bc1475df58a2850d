/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.crypto.RequestSigner;
import io.github.camelksher.http.Transport;
import io.github.camelksher.wire.Fields;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Makes a call: sign, send once, verify, type. Thread-safe. */
public final class KsherClient {

    private static final String FORM = "application/x-www-form-urlencoded; charset=UTF-8";
    private static final DateTimeFormatter TIME_STAMP = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

    private final String appId;
    private final RequestSigner signer;
    private final ReplyCheck check;
    private final Transport transport;
    private final InstantSource clock;
    private final NonceSource nonces = new NonceSource();

    public KsherClient(ClientSettings settings, Transport transport) {
        this(settings, transport, InstantSource.system());
    }

    KsherClient(ClientSettings settings, Transport transport, InstantSource clock) {
        this.appId = settings.appId;
        this.signer = settings.signer();
        this.check = new ReplyCheck(settings);
        this.transport = transport;
        this.clock = clock;
    }

    /** The headers that Ksher wants in each request. */
    public static Map<String, String> headers(SignVersion version) {
        return version == SignVersion.V2
                ? Map.of("Content-Type", FORM, "ksher-sign-version", "V2")
                : Map.of("Content-Type", FORM);
    }

    /**
     * Makes the call. Never throws: a failure of Ksher, the network or the JVM is part of
     * the outcome.
     *
     * @param startedNanos {@link System#nanoTime()} when the caller started: the deadline counts
     *     from there
     */
    public CallOutcome call(OrderRequest request, long startedNanos) {
        Failures failures = new Failures(request);
        boolean passedToTransport = false;
        try {
            StackRoom.require();
            String problem = request.problem();
            if (problem != null) {
                return CallOutcome.noReply(failures.invalidRequest(problem));
            }
            String nonce = nonces.next();
            Fields fields = fields(request, nonce);
            String sign = signer.sign(fields.canonicalBytes());
            byte[] form = fields.formBody(sign);
            // Both are in this request only: a text with one of them repeats the request.
            failures.redactor.requestMarkers(nonce, sign);
            passedToTransport = true;
            return check(request, nonce, transport.send(form, startedNanos), failures);
        } catch (Transport.Failed e) {
            return CallOutcome.noReply(failures.transport(e));
        } catch (Throwable e) {
            // Also an Error, such as OutOfMemoryError: only an outcome tells a route what to do
            // with the order.
            return CallOutcome.noReply(failures.transport(new Transport.Failed(e, !passedToTransport)));
        }
    }

    private CallOutcome check(OrderRequest request, String nonce, Transport.Reply reply, Failures failures) {
        if (reply.status() != 200) {
            return CallOutcome.noReply(failures.httpStatus(reply.status(), reply.retryAfter()));
        }
        return check.check(request, nonce, reply.body(), failures);
    }

    private Fields fields(OrderRequest request, String nonce) {
        Fields.Builder fields = Fields.builder()
                .add("appid", appId)
                .add("nonce_str", nonce)
                // The default time zone of the JVM can change.
                .add("time_stamp", TIME_STAMP.format(LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault())));
        request.values.forEach((parameter, value) -> fields.add(parameter.wireName(), value));
        return fields.build();
    }
}
