/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.crypto.RequestSigner;
import io.github.camelksher.http.Transport;
import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.Fields;
import io.github.camelksher.wire.MalformedReply;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** One call: sign, send once, verify, type. Thread-safe. */
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

    /** The headers of each request, beside HTTP's own. */
    public static Map<String, String> headers(SignVersion version) {
        return version == SignVersion.V2
                ? Map.of("Content-Type", FORM, "ksher-sign-version", "V2")
                : Map.of("Content-Type", FORM);
    }

    /**
     * Makes the call. Never throws for what Ksher, the network or the JVM did: the outcome says it.
     *
     * @param startedNanos {@link System#nanoTime()} when the caller began: the deadline counts from there
     */
    public Outcome call(OrderRequest request, long startedNanos) {
        Failures failures = new Failures(request);
        boolean handedOver = false;
        try {
            StackRoom.require();
            String problem = request.problem();
            if (problem != null) {
                return Outcome.noReply(failures.invalidRequest(problem));
            }
            String nonce = nonces.next();
            Fields fields = fields(request, nonce);
            String sign = signer.sign(fields.canonicalBytes());
            byte[] form = fields.formBody(sign);
            // Both are in every form and nowhere else: text with one of them repeats the request.
            failures.withhold(nonce, sign);
            handedOver = true;
            return check(request, nonce, transport.send(form, startedNanos), failures);
        } catch (Transport.Failed e) {
            return Outcome.noReply(failures.transport(e));
        } catch (Throwable e) {
            // Also an Error, such as a moment without memory: without flags a route could not tell what to do with the
            // order.
            return Outcome.noReply(failures.transport(new Transport.Failed(e, !handedOver)));
        }
    }

    private Outcome check(OrderRequest request, String nonce, Transport.Reply reply, Failures failures) {
        if (reply.status() != 200) {
            return Outcome.noReply(failures.httpStatus(reply.status(), reply.retryAfter()));
        }
        byte[] body = reply.body();
        if (body == null) {
            return Outcome.noReply(failures.malformed("is larger than the option maxReplySize allows"));
        }
        try {
            Envelope envelope = Envelope.parse(body);
            failures.keepSecret(envelope::secrets);
            return check.check(request, nonce, envelope, failures);
        } catch (MalformedReply e) {
            return Outcome.noReply(failures.malformed(e.what()));
        }
    }

    private Fields fields(OrderRequest request, String nonce) {
        Fields.Builder fields = Fields.builder()
                .add("appid", appId)
                .add("nonce_str", nonce)
                // In the zone that the JVM has now, not the one it had at the start.
                .add("time_stamp", TIME_STAMP.format(LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault())));
        request.values().forEach((parameter, value) -> fields.add(parameter.wireName(), value));
        return fields.build();
    }
}
