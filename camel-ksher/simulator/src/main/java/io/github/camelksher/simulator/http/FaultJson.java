/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.fault.FaultKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Arms faults and sets the latency as the JSON of the control API says. */
final class FaultJson {

    private static final Set<String> FIELDS =
            new HashSet<>(Set.of("kind", "retryAfter", "carriedOut", "order", "operation", "times", "rate", "seed"));

    static {
        FIELDS.addAll(FaultKind.parameters());
    }

    private FaultJson() {}

    static void arm(Faults faults, JsonNode node) {
        JsonFields fields = new JsonFields(node).only(FIELDS, "a fault");
        Fault fault = fault(fields);
        if (fields.has("rate")) {
            refuse(fields, "a fault with a rate, which every call can meet,", "order", "operation", "times");
            faults.rate(fields.fraction("rate"), fields.whole("seed", 0), fault);
        } else {
            refuse(fields, "a fault without a rate", "seed");
            faults.arm(fault, fields.text("order"), fields.text("operation"), fields.number("times", 1));
        }
    }

    private static void refuse(JsonFields fields, String what, String... names) {
        for (String name : names) {
            if (fields.has(name)) {
                throw new IllegalArgumentException(what + " takes no " + name);
            }
        }
    }

    static void latency(Faults faults, JsonNode node) {
        JsonFields fields = new JsonFields(node).only(Set.of("min", "max", "seed"), "a latency");
        long min = fields.whole("min", -1);
        faults.latency(Duration.ofMillis(min), Duration.ofMillis(fields.whole("max", min)), fields.whole("seed", 0));
    }

    private static Fault fault(JsonFields fields) {
        Fault fault = fields.constant(FaultKind.class, "kind").read(fields);
        fault = fields.has("carriedOut") && fields.flag("carriedOut") ? fault.afterCarryingOut() : fault;
        return fields.has("retryAfter") ? fault.retryAfter(Duration.ofSeconds(fields.whole("retryAfter", 0))) : fault;
    }
}
