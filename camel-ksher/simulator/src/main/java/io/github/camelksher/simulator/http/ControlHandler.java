/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.Notification;
import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.order.LiveOrder;
import io.github.camelksher.simulator.order.NotifyUrl;
import io.github.camelksher.simulator.protocol.Accounts;
import io.github.camelksher.simulator.protocol.Accounts.Account;
import io.github.camelksher.simulator.protocol.KsherKeys;
import io.github.camelksher.simulator.protocol.RsaPem;
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
public final class ControlHandler extends Handler.Abstract {

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

    private final Accounts accounts;
    private final KsherKeys keys;
    private final Faults faults;
    private final BoundedLog<CallRecord> calls;
    private final Notifier notifier;
    private final Runnable reset;

    public ControlHandler(
            Accounts accounts,
            KsherKeys keys,
            Faults faults,
            BoundedLog<CallRecord> calls,
            Notifier notifier,
            Runnable reset) {
        this.accounts = accounts;
        this.keys = keys;
        this.faults = faults;
        this.calls = calls;
        this.notifier = notifier;
        this.reset = reset;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        // Not decoded: a %2F in an order number differs from a slash between two parts.
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
        // Streamed: a long list would not fit into memory.
        JSON.writeValue(Content.Sink.asOutputStream(response), answer);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it answers the request in any case
    private static void write(Later later, Response response, Callback callback) {
        later.attempt.whenComplete((attempt, failure) -> {
            try {
                if (attempt != null) {
                    write(response, 200, LogPage.write(attempt));
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
                ? LogPage.PARAMETERS
                : Set.of("appid");
        for (Fields.Field parameter : ask.query) {
            if (!parameters.contains(parameter.getName())) {
                throw new IllegalArgumentException("unknown parameter: " + parameter.getName());
            }
        }
        return switch (ask.route) {
            case "GET health" -> ok();
            case "GET keys" -> keys();
            case "GET orders" -> all(account(ask));
            case "POST orders" -> open(ask);
            case "GET calls" -> LogPage.of(ask.query, calls, "calls", LogPage::write);
            case "GET notifications" -> LogPage.of(ask.query, notifier.log(), "notifications", LogPage::write);
            case "POST faults" -> done(() -> FaultJson.arm(faults, ask.body));
            case "DELETE faults" -> done(faults::clear);
            case "POST latency" -> done(() -> FaultJson.latency(faults, ask.body));
            case "POST reset" -> done(reset);
            default -> ofOrder(ask);
        };
    }

    private Object ofOrder(Ask ask) {
        String[] parts = ask.route.split("/", -1);
        if (parts.length == 2 && parts[0].equals("GET orders")) {
            Account account = account(ask);
            return shown(account, account.orders().get(decode(parts[1])));
        }
        if (parts.length != 3 || !parts[0].equals("POST orders")) {
            throw new NoSuchElementException("no such call: " + ask.route);
        }
        Account account = account(ask);
        LiveOrder order = account.orders().get(decode(parts[1]));
        if (parts[2].equals("notify")) {
            return notifyNow(account, order, ask.body);
        }
        JsonFields fields = new JsonFields(ask.body)
                .only(parts[2].equals("choose-wallet") ? Set.of("appid", "channel") : Set.of("appid"), parts[2]);
        switch (parts[2]) {
            case "pay" -> order.pay();
            case "choose-wallet" -> order.chooseWallet(fields.text("channel"));
            case "refund" -> order.refund();
            case "close", "expire" -> order.close();
            default -> throw new NoSuchElementException("no such call: " + ask.route);
        }
        return shown(account, order);
    }

    private Later notifyNow(Account account, LiveOrder order, JsonNode body) {
        JsonFields fields = new JsonFields(body).only(Set.of("appid", "url", "fault"), "notify");
        String url = fields.text("url");
        return new Later(notifier.send(
                account.appId(),
                order,
                url == null ? null : NotifyUrl.parse(url),
                fields.has("fault") ? fields.constant(FaultKind.class, "fault") : null));
    }

    private Account account(Ask ask) {
        return accounts.get(ask.appId());
    }

    /** A path, unlike a form, has a plus for a plus. */
    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private Object open(Ask ask) {
        if (!ask.body.isArray()) {
            return open(OrderJson.read(ask.body), account(ask));
        }
        // Read all before opening any, so that a mistake in one opens none.
        List<OrderJson.Asked> asked = OrderJson.readAll(ask.body);
        Account otherwise = account(ask);
        return asked.stream().map(order -> open(order, otherwise)).toList().iterator();
    }

    private ObjectNode open(OrderJson.Asked asked, Account otherwise) {
        Account account = asked.appId() == null ? otherwise : accounts.get(asked.appId());
        return OrderJson.write(account, account.orders().open(asked.order()));
    }

    private static Iterator<ObjectNode> all(Account account) {
        return account.orders().all().stream()
                .map(order -> OrderJson.write(account, order))
                .iterator();
    }

    private static ObjectNode shown(Account account, LiveOrder order) {
        return OrderJson.write(account, order.snapshot());
    }

    private JsonNode keys() {
        Account merchant = accounts.get(null);
        ObjectNode json = JSON.createObjectNode()
                .put("appId", merchant.appId())
                .put("ksherV1", keys.publicV1())
                .put("ksherV2", keys.publicV2())
                .put("merchant", RsaPem.write(merchant.key().getPublic()));
        ObjectNode merchants = json.putObject("merchants");
        accounts.all()
                .forEach(
                        one -> merchants.put(one.appId(), RsaPem.write(one.key().getPublic())));
        return json;
    }

    private static JsonNode done(Runnable action) {
        action.run();
        return ok();
    }

    private static JsonNode ok() {
        return JSON.createObjectNode().put("status", "UP");
    }

    private static JsonNode error(@Nullable String message) {
        return JSON.createObjectNode().put("error", message);
    }
}
