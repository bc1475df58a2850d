/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** The control API under {@code /simulator}: JSON in, JSON out, a clear error otherwise. */
final class ControlHandler extends Handler.Abstract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/simulator/";

    /** A request, read: method and path, with the parts of the path as they were sent. */
    private record Ask(String route, Fields query, JsonNode body) {

        /** What the query or the body names; null if neither does. */
        @Nullable
        String appId() {
            return body.has("appid") ? body.get("appid").asText() : query.getValue("appid");
        }
    }

    /** An answer that no thread waits for. */
    private record Later(CompletableFuture<Notification> attempt) {}

    private final KsherSimulator simulator;

    ControlHandler(KsherSimulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        // As sent, so that a %2F in an order number is told from a slash between two parts.
        String sent = request.getHttpURI().getPath();
        String path = sent == null ? "" : sent;
        try {
            if (!path.startsWith(ROOT)) {
                throw new NoSuchElementException("nothing at " + path);
            }
            String body = Content.Source.asString(request, StandardCharsets.UTF_8);
            Object answer = answer(new Ask(
                    request.getMethod() + " " + path.substring(ROOT.length()),
                    Request.extractQueryParameters(request),
                    body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body)));
            if (answer instanceof Later later) {
                write(later, response, callback);
                return true;
            }
            write(response, 200, answer);
        } catch (NoSuchElementException e) {
            write(response, 404, error(e.getMessage()));
        } catch (JsonProcessingException e) {
            write(response, 400, error("not JSON: " + e.getOriginalMessage()));
        } catch (IllegalArgumentException | IllegalStateException e) {
            write(response, 400, error(e.getMessage()));
        }
        callback.succeeded();
        return true;
    }

    private static void write(Response response, int status, Object answer) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        // Written as it is made: a long list is never all in memory.
        JSON.writeValue(Content.Sink.asOutputStream(response), answer);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends by answering the request, whatever happens
    private static void write(Later later, Response response, Callback callback) {
        later.attempt.whenComplete((attempt, failure) -> {
            try {
                if (attempt != null) {
                    write(response, 200, ControlJson.write(attempt));
                } else {
                    write(response, 400, error("the simulator was reset meanwhile"));
                }
                callback.succeeded();
            } catch (IOException | RuntimeException e) {
                callback.failed(e);
            }
        });
    }

    private Object answer(Ask ask) {
        Set<String> parameters = ask.route.equals("GET calls") || ask.route.equals("GET notifications")
                ? ControlPage.PARAMETERS
                : Set.of("appid");
        for (Fields.Field parameter : ask.query) {
            if (!parameters.contains(parameter.getName())) {
                throw new IllegalArgumentException("unknown parameter: " + parameter.getName());
            }
        }
        return switch (ask.route) {
            case "GET health" -> ok();
            case "GET keys" -> keys();
            case "GET orders" -> orders(merchant(ask));
            case "POST orders" -> open(ask);
            case "GET calls" ->
                ControlPage.of(ask.query, simulator.journal(), "calls", Call::appId, Call::order, ControlJson::write);
            case "GET notifications" ->
                ControlPage.of(
                        ask.query,
                        simulator.notifier().journal(),
                        "notifications",
                        Notification::appId,
                        Notification::order,
                        ControlJson::write);
            case "POST faults" -> {
                ControlJson.arm(simulator.faults(), ask.body);
                yield ok();
            }
            case "DELETE faults" -> {
                simulator.faults().clear();
                yield ok();
            }
            case "POST latency" -> {
                ControlJson.latency(simulator.faults(), ask.body);
                yield ok();
            }
            case "POST reset" -> {
                simulator.reset();
                yield ok();
            }
            default -> ofOrder(ask);
        };
    }

    private Object ofOrder(Ask ask) {
        String[] parts = ask.route.split("/", -1);
        if (parts.length == 2 && parts[0].equals("GET orders")) {
            return shown(merchant(ask), decode(parts[1]));
        }
        if (parts.length != 3 || !parts[0].equals("POST orders")) {
            throw new NoSuchElementException("no such call: " + ask.route);
        }
        KsherMerchant merchant = merchant(ask);
        String number = decode(parts[1]);
        if (parts[2].equals("notify")) {
            return new Later(ControlJson.notifyNow(simulator.notifier(), merchant, number, ask.body));
        }
        ControlJson.refuseUnknown(
                ask.body, parts[2].equals("choose-wallet") ? Set.of("appid", "channel") : Set.of("appid"), parts[2]);
        switch (parts[2]) {
            case "pay" -> merchant.pay(number);
            case "choose-wallet" -> ControlJson.chooseWallet(merchant, number, ask.body);
            case "refund" -> merchant.refund(number);
            case "close" -> merchant.close(number);
            case "expire" -> merchant.expire(number);
            default -> throw new NoSuchElementException("no such call: " + ask.route);
        }
        return shown(merchant, number);
    }

    private KsherMerchant merchant(Ask ask) {
        String appId = ask.appId();
        return simulator.merchant(appId == null ? simulator.appId() : appId);
    }

    /** A path, unlike a form, has a plus for a plus. */
    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private Object open(Ask ask) {
        if (!ask.body.isArray()) {
            return open(ControlJson.order(ask.body), merchant(ask));
        }
        // Read all before opening any, so that a mistake in one opens none.
        List<ControlJson.Asked> asked = ControlJson.orders(ask.body);
        KsherMerchant otherwise = merchant(ask);
        return asked.stream().map(order -> open(order, otherwise)).toList().iterator();
    }

    private ObjectNode open(ControlJson.Asked asked, KsherMerchant otherwise) {
        KsherMerchant merchant = asked.appId() == null ? otherwise : simulator.merchant(asked.appId());
        return ControlJson.write(merchant, merchant.open(asked.order()));
    }

    private static Iterator<ObjectNode> orders(KsherMerchant merchant) {
        return merchant.orders().stream()
                .map(order -> ControlJson.write(merchant, order))
                .iterator();
    }

    private static ObjectNode shown(KsherMerchant merchant, String number) {
        return ControlJson.write(merchant, merchant.order(number));
    }

    private JsonNode keys() {
        ObjectNode keys = JSON.createObjectNode()
                .put("appId", simulator.appId())
                .put("ksherV1", simulator.publicKey())
                .put("ksherV2", simulator.publicKeyV2())
                .put("merchant", simulator.merchantPublicKey());
        ObjectNode merchants = keys.putObject("merchants");
        simulator.merchants().forEach(merchant -> merchants.put(merchant.appId(), merchant.merchantPublicKey()));
        return keys;
    }

    private static JsonNode ok() {
        return JSON.createObjectNode().put("status", "UP");
    }

    private static JsonNode error(@Nullable String message) {
        return JSON.createObjectNode().put("error", message);
    }
}
