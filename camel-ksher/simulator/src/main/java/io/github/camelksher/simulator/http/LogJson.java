/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.Notification;
import org.jspecify.annotations.Nullable;

/** Entries of the two logs as JSON. */
final class LogJson {

    private LogJson() {}

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
