/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.simulator.protocol.ApiCall;
import io.github.camelksher.simulator.protocol.RsaPem;
import io.github.camelksher.simulator.protocol.Signatures;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A merchant that calls the simulator over a real socket. */
final class Merchant {

    static final ObjectMapper JSON = new ObjectMapper().configure(JsonParser.Feature.ALLOW_SINGLE_QUOTES, true);
    private static final AtomicLong NONCES = new AtomicLong();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final KsherSimulator simulator;
    private final String appId;
    private final PrivateKey key;

    /** A reply as it came. */
    record Received(HttpResponse<String> http) {
        String text() {
            return http.body();
        }

        JsonNode json() {
            try {
                return JSON.readTree(text());
            } catch (IOException e) {
                throw new AssertionError(text(), e);
            }
        }

        int code() {
            return json().path("code").asInt(Integer.MIN_VALUE);
        }

        String result() {
            return json().path("data").path("result").asText();
        }

        String error() {
            return json().path("data").path("err_code").asText();
        }

        Map<String, Object> data() {
            return JSON.convertValue(json().get("data"), new TypeReference<Map<String, Object>>() {});
        }

        boolean verifies(String publicPem) {
            String sign = json().path("sign").asText();
            return Signatures.verifies(Signatures.canonical(data()), sign, RsaPem.readPublic(publicPem));
        }
    }

    /** The default merchant. */
    Merchant(KsherSimulator simulator) {
        this(simulator, simulator.merchant(simulator.appId()));
    }

    Merchant(KsherSimulator simulator, KsherMerchant merchant) {
        this.simulator = simulator;
        this.appId = merchant.appId();
        this.key = RsaPem.readPrivate(merchant.merchantKey()).getPrivate();
    }

    Received orderQuery(String order) throws Exception {
        return call("orderQuery", order);
    }

    Received orderClose(String order) throws Exception {
        return call("orderClose", order);
    }

    Received gatewayQuery(String order) throws Exception {
        return call("gatewayQuery", order);
    }

    Received gatewayCancel(String order) throws Exception {
        return call("gatewayCancel", order);
    }

    Received call(String operation, String order) throws Exception {
        return post(operation, signed(form(order)));
    }

    /** Unsigned, with a fresh nonce. */
    Map<String, String> form(String order) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("appid", appId);
        form.put("mch_order_no", order);
        form.put("nonce_str", "n" + NONCES.incrementAndGet());
        form.put("time_stamp", "20261123120000");
        return form;
    }

    Map<String, String> signed(Map<String, String> form) {
        form.put("sign", Signatures.sign(Signatures.canonical(form), key));
        return form;
    }

    Received post(String operation, Map<String, String> form, String... headers) throws Exception {
        return send(request(operation, form, headers));
    }

    HttpRequest request(String operation, Map<String, String> form, String... headers) {
        String url = simulator.apiUrl().replace("/KsherPay", ApiCall.ofOperation(operation).path);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form)));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    Received send(HttpRequest request) throws Exception {
        return new Received(http.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    /** The control API. */
    Received control(String method, String path, String body) throws Exception {
        URI url = URI.create(simulator.controlUrl() + path);
        return send(HttpRequest.newBuilder(url)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static String sample(String name) throws IOException {
        try (var in = Merchant.class.getResourceAsStream("/ksher/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
