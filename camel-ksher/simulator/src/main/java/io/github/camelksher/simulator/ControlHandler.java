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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** The control API under {@code /simulator}: JSON in, JSON out, a clear error otherwise. */
final class ControlHandler extends Handler.Abstract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/simulator/";
    private static final int DEFAULT_LIMIT = 10_000;

    private final KsherSimulator simulator;

    ControlHandler(KsherSimulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        // As sent, so that a %2F in an order number is told from a slash between two parts.
        String sent = request.getHttpURI().getPath();
        String path = sent == null ? "" : sent;
        int status = 200;
        Object answer;
        try {
            if (!path.startsWith(ROOT)) {
                throw new NoSuchElementException("nothing at " + path);
            }
            String body = Content.Source.asString(request, StandardCharsets.UTF_8);
            String route = request.getMethod() + " " + path.substring(ROOT.length());
            answer = answer(route, body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body), request);
        } catch (NoSuchElementException e) {
            status = 404;
            answer = error(e);
        } catch (JsonProcessingException e) {
            status = 400;
            answer = JSON.createObjectNode().put("error", "not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException | IllegalStateException e) {
            status = 400;
            answer = error(e);
        }
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        // Written as it is made: a long list is never all in memory.
        JSON.writeValue(Content.Sink.asOutputStream(response), answer);
        callback.succeeded();
        return true;
    }

    private Object answer(String route, JsonNode body, Request request) throws IOException {
        return switch (route) {
            case "GET health" -> ok();
            case "GET keys" -> keys();
            case "GET orders" -> ordersOf(simulator.orders());
            case "POST orders" -> open(body);
            case "GET calls" -> calls(Request.extractQueryParameters(request));
            case "POST faults" -> {
                ControlJson.arm(simulator.faults(), body);
                yield ok();
            }
            case "DELETE faults" -> {
                simulator.faults().clear();
                yield ok();
            }
            case "POST latency" -> {
                ControlJson.latency(simulator.faults(), body);
                yield ok();
            }
            case "POST reset" -> {
                simulator.reset();
                yield ok();
            }
            default -> ofOrder(route.split("/", -1), route, body);
        };
    }

    private JsonNode ofOrder(String[] parts, String route, JsonNode body) {
        if (parts.length == 2 && parts[0].equals("GET orders")) {
            return ControlJson.write(simulator.order(decode(parts[1])));
        }
        if (parts.length != 3 || !parts[0].equals("POST orders")) {
            throw new NoSuchElementException("no such call: " + route);
        }
        String number = decode(parts[1]);
        switch (parts[2]) {
            case "pay" -> simulator.pay(number);
            case "choose-wallet" -> simulator.chooseWallet(number, ControlJson.wallet(body));
            case "refund" -> simulator.refund(number);
            case "close" -> simulator.close(number);
            case "expire" -> simulator.expire(number);
            default -> throw new NoSuchElementException("no such call: " + route);
        }
        return ControlJson.write(simulator.order(number));
    }

    /** A path, unlike a form, has a plus for a plus. */
    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private Object open(JsonNode body) {
        if (!body.isArray()) {
            return ControlJson.write(simulator.open(ControlJson.order(body)));
        }
        // Read all before opening any, so that a mistake in one opens none.
        List<KsherOrder> asked = ControlJson.orders(body);
        return ordersOf(asked.stream().map(simulator::open).toList());
    }

    private static Iterator<ObjectNode> ordersOf(List<KsherOrder> orders) {
        return orders.stream().map(ControlJson::write).iterator();
    }

    /** The newest, or those after a number: then the oldest of them, so that a reader comes to all in turn. */
    private Object calls(Fields query) {
        String order = query.getValue("order");
        long after = whole(query, "after", -1);
        long limit = whole(query, "limit", DEFAULT_LIMIT);
        Journal.Excerpt excerpt = simulator.journal().after(Math.max(0, after));
        List<Call> found = new ArrayList<>();
        long last = excerpt.before();
        for (Call call : excerpt.calls()) {
            if (after >= 0 && found.size() == limit) {
                break;
            }
            last++;
            if (order == null || order.equals(call.order())) {
                found.add(call);
            }
        }
        List<Call> shown = found.subList((int) Math.max(0, found.size() - limit), found.size());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("dropped", simulator.droppedCalls());
        answer.put("last", last);
        answer.put("calls", shown.stream().map(ControlJson::write).iterator());
        return answer;
    }

    private static long whole(Fields query, String name, long otherwise) {
        String value = query.getValue(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("\\d{1,18}")) {
            throw new IllegalArgumentException(name + " must be a whole number: '" + value + "'");
        }
        return Long.parseLong(value);
    }

    private JsonNode keys() {
        return JSON.createObjectNode()
                .put("appId", simulator.appId())
                .put("ksherV1", simulator.publicKey())
                .put("ksherV2", simulator.publicKeyV2())
                .put("merchant", simulator.merchantPublicKey());
    }

    private static JsonNode ok() {
        return JSON.createObjectNode().put("status", "UP");
    }

    private static JsonNode error(RuntimeException e) {
        return JSON.createObjectNode().put("error", e.getMessage());
    }
}
