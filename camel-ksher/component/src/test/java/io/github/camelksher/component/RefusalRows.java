/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherHttpStatusException;
import io.github.camelksher.error.KsherMalformedReplyException;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The rows of the one refusal matrix: a server's answer, and the failure that it must be. A long
 * file on purpose, since it is the contract's failure table and is read as a whole.
 */
final class RefusalRows {

    private RefusalRows() {}

    static final List<String> ALL = calls(call -> true);
    private static final List<String> SIGNED = calls(call -> call != KsherOperation.gatewayCancel);
    private static final List<String> QUERIES = calls(call -> !call.isCommand());
    private static final List<String> COMMANDS = calls(KsherOperation::isCommand);
    private static final List<String> ORDER = calls(call -> call.api() == KsherOperation.Api.KSHER_PAY);
    private static final List<String> CANCEL = List.of("gatewayCancel");

    private static List<String> calls(Predicate<KsherOperation> which) {
        return KsherOperation.calls().stream()
                .filter(which)
                .map(KsherOperation::name)
                .toList();
    }

    /** Whether the failure is retryable, and whether a command's outcome is unknown. */
    record Row(
            String name,
            String operation,
            String options,
            KsherStub.Answer answer,
            Class<? extends KsherException> type,
            boolean retryable,
            boolean commandUnknown,
            Map<String, Object> out,
            Consumer<KsherException> also) {

        @Override
        public String toString() {
            return operation + ": " + name;
        }
    }

    private static final class Rows {
        private final List<Row> rows = new ArrayList<>();
        private List<String> operations = ALL;
        private String options = "";

        Rows on(List<String> next) {
            operations = next;
            options = "";
            return this;
        }

        Rows with(String next) {
            options = next;
            return this;
        }

        Rows add(
                String name,
                KsherStub.Answer answer,
                Class<? extends KsherException> type,
                boolean retryable,
                boolean unknown,
                Map<String, Object> out,
                Consumer<KsherException> also) {
            for (String operation : operations) {
                rows.add(new Row(name, operation, options, answer, type, retryable, unknown, out, also));
            }
            return this;
        }

        /** A reply that does not count: not retryable, and the outcome of a command is unknown. */
        Rows untrusted(
                String name, KsherStub.Answer answer, Map<String, Object> out, KsherSignatureException.Reason reason) {
            return add(name, answer, KsherSignatureException.class, false, true, out, reason(reason));
        }
    }

    private static KsherStub.Answer raw(byte[] response) {
        return (request, socket) -> KsherStub.write(socket, response);
    }

    private static KsherStub.Answer body(String json) {
        return raw(Http.ok(json));
    }

    /** A signed reply, whose data a test changes before it is signed. */
    private static KsherStub.Answer signed(UnaryOperator<Map<String, Object>> change) {
        return (request, socket) -> {
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            KsherStub.write(socket, Http.ok(KsherStub.signed(change.apply(data))));
        };
    }

    private static UnaryOperator<Map<String, Object>> put(String name, Object value) {
        return data -> {
            data.put(name, value);
            return data;
        };
    }

    private static KsherStub.Answer fail(String errorCode) {
        return signed(data -> new HashMap<>(
                Map.of("result", "FAIL", "err_code", errorCode, "err_msg", "why", "nonce_str", data.get("nonce_str"))));
    }

    /** A signed reply, whose signature a test replaces. */
    private static KsherStub.Answer sign(String sign) {
        return (request, socket) -> {
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            KsherStub.write(
                    socket, Http.ok("{\"code\":0,\"msg\":\"ok\"" + sign + ",\"data\":" + KsherStub.json(data) + "}"));
        };
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static Stream<Row> all() {
        Map<String, Object> none = Map.of();
        Map<String, Object> zero = Map.of("CamelKsherCode", 0, "CamelKsherSigned", false);
        Consumer<KsherException> any = e -> {};
        Rows rows = new Rows();
        // Transport
        rows.on(ALL)
                .add(
                        "closed without an answer",
                        (q, s) -> s.close(),
                        KsherTransportException.class,
                        true,
                        true,
                        none,
                        e -> assertThat(e.getCause()).isInstanceOf(IOException.class))
                .add(
                        "reset",
                        (q, s) -> {
                            s.setSoLinger(true, 0);
                            s.close();
                        },
                        KsherTransportException.class,
                        true,
                        true,
                        none,
                        any)
                .add(
                        "cut in the middle of the body",
                        (q, s) -> {
                            KsherStub.write(
                                    s,
                                    "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"code\""
                                            .getBytes(StandardCharsets.US_ASCII));
                            s.close();
                        },
                        KsherTransportException.class,
                        true,
                        true,
                        none,
                        any)
                .with("responseTimeout=100")
                .add("silent", (q, s) -> {}, KsherTransportException.class, true, true, none, any)
                .with("callTimeout=200")
                .add(
                        "silent for the whole call",
                        (q, s) -> {},
                        KsherTransportException.class,
                        true,
                        true,
                        none,
                        e -> assertThat(e).hasMessageContaining("callTimeout"));
        // Status
        for (int status : new int[] {500, 502, 503, 599}) {
            rows.on(ALL)
                    .add(
                            "status " + status,
                            raw(Http.response(status, "", "{\"code\":0}".getBytes(StandardCharsets.US_ASCII))),
                            KsherHttpStatusException.class,
                            true,
                            true,
                            none,
                            status(status));
        }
        for (int status : new int[] {400, 401, 403, 404, 301, 302, 307, 308}) {
            rows.on(ALL)
                    .add(
                            "status " + status,
                            raw(Http.response(status, "Location: http://127.0.0.1:1/\r\n", new byte[0])),
                            KsherHttpStatusException.class,
                            false,
                            false,
                            none,
                            status(status));
        }
        rows.on(ALL)
                .add(
                        "status 429",
                        raw(Http.response(429, "Retry-After: 7\r\n", new byte[0])),
                        KsherHttpStatusException.class,
                        true,
                        false,
                        none,
                        e -> assertThat(((KsherHttpStatusException) e).getRetryAfter())
                                .hasSeconds(7))
                .add(
                        "status 204",
                        raw("HTTP/1.1 204 X\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                        KsherHttpStatusException.class,
                        false,
                        true,
                        none,
                        status(204))
                .add(
                        "status 202",
                        raw(Http.response(202, "", "{\"code\":0}".getBytes(StandardCharsets.US_ASCII))),
                        KsherHttpStatusException.class,
                        false,
                        true,
                        none,
                        status(202))
                .with("maxReplySize=10")
                .add(
                        "status 503 before size",
                        raw(Http.response(503, "", new byte[100])),
                        KsherHttpStatusException.class,
                        true,
                        true,
                        none,
                        status(503));
        // Malformed
        Map<String, String> malformed = new java.util.LinkedHashMap<>();
        malformed.put("HTML", "<html>busy</html>");
        malformed.put("empty", "");
        malformed.put("truncated", "{\"code\":0,\"data\":{\"res");
        malformed.put("trailing text", "{\"code\":-3} x");
        malformed.put("two objects", "{\"code\":-3}{\"code\":-3}");
        malformed.put("an array", "[{\"code\":0}]");
        malformed.put("repeated key", "{\"code\":-3,\"code\":-3}");
        malformed.put("repeated key deep down", "{\"code\":-3,\"x\":[{\"a\":1,\"a\":2}]}");
        malformed.put("text as code", "{\"code\":\"0\",\"data\":{}}");
        malformed.put("fraction as code", "{\"code\":0.0}");
        malformed.put("no code", "{\"msg\":\"ok\"}");
        malformed.put("200,000 brackets", "{\"code\":0,\"data\":" + "[".repeat(200_000));
        malformed.put("single quotes with code 0", "{'code':0,'data':{'result':'SUCCESS'}}");
        malformed.forEach((name, json) ->
                rows.on(ALL).add(name, body(json), KsherMalformedReplyException.class, true, true, none, any));
        rows.on(ALL)
                .add(
                        "bad UTF-8",
                        raw(Http.response(
                                200, "", "{\"code\":0,\"msg\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1))),
                        KsherMalformedReplyException.class,
                        true,
                        true,
                        none,
                        any)
                .add(
                        "gzip bomb",
                        raw(Http.response(200, "Content-Encoding: gzip\r\n", gzip(new byte[30_000_000]))),
                        KsherMalformedReplyException.class,
                        true,
                        true,
                        none,
                        e -> assertThat(e).hasMessageContaining("maxReplySize"))
                .with("maxReplySize=100")
                .add(
                        "too large",
                        raw(Http.ok(" ".repeat(100) + "{\"code\":0}")),
                        KsherMalformedReplyException.class,
                        true,
                        true,
                        none,
                        e -> assertThat(e).hasMessageContaining("maxReplySize"));
        for (String data : new String[] {
            "", ",\"data\":null", ",\"data\":[]", ",\"data\":5", ",\"data\":\"done\"", ",\"data\":\"\""
        }) {
            rows.on(SIGNED)
                    .add(
                            "code 0 with data '" + data + "'",
                            body("{\"code\":0" + data + "}"),
                            KsherMalformedReplyException.class,
                            true,
                            true,
                            zero,
                            any);
        }
        for (String data : new String[] {"", ",\"data\":null", ",\"data\":5", ",\"data\":true", ",\"data\":[]"}) {
            rows.on(CANCEL)
                    .add(
                            "code 0 with data '" + data + "'",
                            body("{\"code\":0" + data + "}"),
                            KsherMalformedReplyException.class,
                            true,
                            true,
                            zero,
                            any);
        }
        for (Object result : new Object[] {"", "absent", "null"}) {
            rows.on(SIGNED)
                    .add(
                            "result '" + result + "'",
                            signed(data -> {
                                data.remove("result");
                                if (result.equals("")) {
                                    data.put("result", "");
                                } else if (result.equals("null")) {
                                    data.put("result", null);
                                }
                                return data;
                            }),
                            KsherMalformedReplyException.class,
                            true,
                            true,
                            Map.of("CamelKsherCode", 0, "CamelKsherSigned", true),
                            any);
        }
        // Signature
        for (String sign : new String[] {"", ",\"sign\":null", ",\"sign\":\"\""}) {
            rows.on(ALL)
                    .untrusted("no signature '" + sign + "'", sign(sign), zero, KsherSignatureException.Reason.MISSING);
        }
        for (String sign : new String[] {
            "5", "{\"a\":\"b\"}", "true", "\"abcd\"", "\"" + "g".repeat(128) + "\"", "\"" + "a".repeat(256) + "\""
        }) {
            rows.on(ALL)
                    .untrusted(
                            "signature " + sign,
                            sign(",\"sign\":" + sign),
                            zero,
                            KsherSignatureException.Reason.MALFORMED);
        }
        for (String sign : new String[] {"a".repeat(128), "f".repeat(128)}) {
            rows.on(ALL)
                    .untrusted(
                            "signature " + sign,
                            sign(",\"sign\":\"" + sign + "\""),
                            zero,
                            KsherSignatureException.Reason.MISMATCH);
        }
        Map<String, Object> zeroSigned = Map.of("CamelKsherCode", 0, "CamelKsherSigned", true);
        rows.on(ALL)
                .untrusted(
                        "another merchant",
                        signed(put("appid", "mch666")),
                        zeroSigned,
                        KsherSignatureException.Reason.OTHER_ORDER)
                .untrusted(
                        "another order",
                        signed(put("mch_order_no", "A-2")),
                        zeroSigned,
                        KsherSignatureException.Reason.OTHER_ORDER)
                .untrusted(
                        "another order hidden in the field before",
                        signed(data -> {
                            data.remove("mch_order_no");
                            data.put("fee_type", "THBmch_order_no=A-2");
                            return data;
                        }),
                        zeroSigned,
                        KsherSignatureException.Reason.OTHER_ORDER)
                .untrusted(
                        "another merchant hidden in the first name",
                        signed(data -> {
                            data.remove("appid");
                            data.put("appid=mch666attach", "");
                            return data;
                        }),
                        zeroSigned,
                        KsherSignatureException.Reason.OTHER_ORDER)
                .with("verifySignature=false")
                .untrusted(
                        "another order, not verified",
                        signed(put("mch_order_no", "A-2")),
                        zero,
                        KsherSignatureException.Reason.OTHER_ORDER);
        rows.on(ORDER)
                .add(
                        "another call",
                        signed(put("nonce_str", "x")),
                        KsherSignatureException.class,
                        false,
                        true,
                        zeroSigned,
                        reason(KsherSignatureException.Reason.OTHER_CALL)
                                .andThen(e -> assertThat(e).hasMessageContaining("checkNonce")));
        // A FAIL that repeats the request, split into the fields of a payment.
        rows.on(QUERIES)
                .add(
                        "a signed FAIL split into a payment",
                        (q, s) -> KsherStub.write(
                                s,
                                Http.ok(KsherStub.signed(new HashMap<>(Map.of(
                                        "err_code", "Xerr_msg=no ('mch_order_no:Q",
                                        "mch_order_no", "A-1",
                                        "result", "SUCCESS",
                                        "total_fee", 9,
                                        "u", ",ksher_order_no:',).res",
                                        "ult", "FAIL"))))),
                        KsherSignatureException.class,
                        false,
                        false,
                        zeroSigned,
                        reason(KsherSignatureException.Reason.OTHER_CALL));
        // A close's SUCCESS is "closed", a query's is "paid".
        for (Object fee : new Object[] {"absent", ""}) {
            rows.on(QUERIES)
                    .add(
                            "SUCCESS with total_fee '" + fee + "'",
                            signed(data -> {
                                data.remove("total_fee");
                                if (fee.equals("")) {
                                    data.put("total_fee", "");
                                }
                                return data;
                            }),
                            KsherSignatureException.class,
                            false,
                            false,
                            zeroSigned,
                            reason(KsherSignatureException.Reason.OTHER_CALL)
                                    .andThen(e -> assertThat(e).hasMessageContaining("total_fee")));
        }
        rows.on(CANCEL)
                .add(
                        "the reply to a query of a paid order",
                        signed(put("time_end", "2021-05-27 10:18:07")),
                        KsherSignatureException.class,
                        false,
                        true,
                        zeroSigned,
                        reason(KsherSignatureException.Reason.OTHER_CALL)
                                .andThen(e -> assertThat(e).hasMessageContaining("time_end")));
        // Rejected
        for (int code : new int[] {-1, -2, -3, -4, -5, -6, -100, 1, 99999}) {
            for (String operation : ALL) {
                boolean order = ORDER.contains(operation);
                boolean unknown = (order && COMMANDS.contains(operation))
                        || (operation.equals("gatewayCancel")
                                && !List.of(-1, -2, -3, -4, -5).contains(code));
                rows.on(List.of(operation))
                        .add(
                                "code " + code,
                                body("{\"code\":" + code
                                        + ",\"data\":\"\",\"sign\":\"\",\"msg\":\"m\",\"message\":\"取消\"}"),
                                KsherRejectedException.class,
                                order || code == -6 || code == -100,
                                unknown,
                                Map.of("CamelKsherCode", code, "CamelKsherMessage", "取消", "CamelKsherSigned", false),
                                e -> assertThat(((KsherRejectedException) e).getCode())
                                        .isEqualTo(code));
            }
        }
        for (String operation : ALL) {
            rows.on(List.of(operation))
                    .add(
                            "refusal in single quotes",
                            body("{'lang': '', 'code': -3, 'msg': '该订单不存在'}"),
                            KsherRejectedException.class,
                            ORDER.contains(operation),
                            ORDER.contains(operation) && COMMANDS.contains(operation),
                            Map.of("CamelKsherCode", -3, "CamelKsherMessage", "该订单不存在", "CamelKsherSigned", false),
                            any);
        }
        // Result
        for (String code : new String[] {
            "KSHER_INVALID_ORDER_NO",
            "KSHER_ORDER_PAID",
            "SYSTEMERROR",
            "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS",
            "PAYMENT_IN_PROCESS"
        }) {
            boolean retryable = !code.equals("KSHER_INVALID_ORDER_NO") && !code.equals("KSHER_ORDER_PAID");
            rows.on(ALL)
                    .add(
                            "FAIL " + code,
                            fail(code),
                            KsherResultException.class,
                            retryable,
                            code.equals("SYSTEMERROR"),
                            Map.of(
                                    "CamelKsherCode",
                                    0,
                                    "CamelKsherMessage",
                                    "ok",
                                    "CamelKsherResult",
                                    "FAIL",
                                    "CamelKsherErrorCode",
                                    code,
                                    "CamelKsherErrorMessage",
                                    "why",
                                    "CamelKsherSigned",
                                    true),
                            e -> assertThat(((KsherResultException) e).getErrorCode())
                                    .isEqualTo(code));
        }
        for (String result : new String[] {"NOTSURE", "NOTPAY", "PENDING", "REFUND", "WHATEVER", "success"}) {
            rows.on(COMMANDS)
                    .add(
                            "result " + result,
                            signed(put("result", result)),
                            KsherResultException.class,
                            true,
                            true,
                            Map.of("CamelKsherCode", 0, "CamelKsherResult", result, "CamelKsherSigned", true),
                            any);
        }
        rows.on(List.of("gatewayQuery"))
                .add(
                        "FAIL",
                        signed(put("result", "FAIL")),
                        KsherResultException.class,
                        false,
                        false,
                        Map.of("CamelKsherCode", 0, "CamelKsherResult", "FAIL", "CamelKsherSigned", true),
                        any);
        return rows.rows.stream();
    }

    private static Consumer<KsherException> status(int status) {
        return e -> assertThat(((KsherHttpStatusException) e).getStatusCode()).isEqualTo(status);
    }

    private static Consumer<KsherException> reason(KsherSignatureException.Reason reason) {
        return e -> assertThat(((KsherSignatureException) e).getReason()).isEqualTo(reason);
    }
}
