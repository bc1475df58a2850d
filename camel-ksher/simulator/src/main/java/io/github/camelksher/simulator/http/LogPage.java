/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.Notification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** A part of a log, as the control API shows it. */
final class LogPage {

    static final Set<String> PARAMETERS = Set.of("appid", "order", "after", "limit");
    private static final int DEFAULT_LIMIT = 10_000;

    private LogPage() {}

    /** The newest entries, or with {@code after} the oldest after it, for reading page by page. */
    static <T extends BoundedLog.Entry> Map<String, Object> of(
            Fields query, BoundedLog<T> log, String name, Function<T, ObjectNode> write) {
        String appId = query.getValue("appid");
        String order = query.getValue("order");
        long after = whole(query, "after", -1);
        long limit = whole(query, "limit", DEFAULT_LIMIT);
        BoundedLog.Excerpt<T> excerpt = log.after(Math.max(0, after));
        List<T> found = new ArrayList<>();
        long last = excerpt.before();
        for (T entry : excerpt.entries()) {
            if (after >= 0 && found.size() == limit) {
                break;
            }
            last++;
            if ((order == null || order.equals(entry.order())) && (appId == null || appId.equals(entry.appId()))) {
                found.add(entry);
            }
        }
        List<T> shown = found.subList((int) Math.max(0, found.size() - limit), found.size());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("dropped", log.dropped());
        answer.put("last", last);
        answer.put(name, shown.stream().map(write).iterator());
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

    static ObjectNode write(CallRecord call) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("arrived", call.arrived().toString())
                .put("time", call.time().toString())
                .put("appid", call.appId())
                .put("operation", call.operation())
                .put("order", call.order())
                .put("stateBefore", name(call.stateBefore()))
                .put("stateAfter", name(call.stateAfter()))
                .put("code", call.code())
                .put("result", call.result())
                .put("error", call.error())
                .put("fault", name(call.fault()))
                .put("carriedOut", call.carriedOut());
    }

    static ObjectNode write(Notification attempt) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("time", attempt.time().toString())
                .put("appid", attempt.appId())
                .put("order", attempt.order())
                .put("url", attempt.url())
                .put("attempt", attempt.attempt())
                .put("status", attempt.status())
                .put("error", attempt.error())
                .put("accepted", attempt.accepted())
                .put("fault", name(attempt.fault()));
    }

    private static @Nullable String name(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }
}
