/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stops the worker when Ksher refuses app-id or signature, or when another server answers. What
 * such replies mean for their own orders is withheld until a good reply comes. Thread-safe.
 *
 * @param <T> an order's withheld end
 */
final class StopRules<T> {

    private static final int REFUSALS = 3;
    private static final int UNVERIFIED = 10;

    /** What an event means for the worker. */
    sealed interface Decision<T> {}

    /** The event concerns only its order; the ends that were withheld before are released. */
    record GoOn<T>(List<T> released) implements Decision<T> {}

    /** The end of the event's order is withheld. */
    record Withheld<T>() implements Decision<T> {}

    /** The worker stops. All withheld orders are planned again, this event's too. */
    record Stop<T>(String why) implements Decision<T> {}

    private final Map<String, T> refused = new LinkedHashMap<>();
    private final Map<String, T> unverified = new LinkedHashMap<>();
    private boolean anyGood;
    private boolean anyVerified;
    private @Nullable String stopped;

    /** Decides after a call; {@code end} is the order's end if only that is concerned. */
    synchronized Decision<T> after(String orderKey, Event event, T end) {
        if (event instanceof Event.CredentialsRejected refusal) {
            refused.put(orderKey, end);
            return anyGood && refused.size() < REFUSALS
                    ? withheldUnlessStopped()
                    : stop("Ksher rejects app-id or signature (code "
                            + refusal.details().code()
                            + "): check that camel.component.ksher.app-id is yours, and private-key its key.");
        }
        if (isUnverified(event) && !anyVerified) {
            unverified.put(orderKey, end);
            return unverified.size() < UNVERIFIED
                    ? withheldUnlessStopped()
                    : stop("none of the first replies is Ksher's (the latest: "
                            + detail(event) + "): check camel.component.ksher.api-url and gateway-url,"
                            + " ksher-public-key and sign-version, and what sits between you and Ksher.");
        }
        CallDetails good = event.isGoodReply() ? event.details() : null;
        return good == null ? new GoOn<>(List.of()) : new GoOn<>(release(good));
    }

    private List<T> release(CallDetails good) {
        anyGood = true;
        if (stopped != null) {
            // Withheld orders are planned again: they were part of the reason to stop.
            return List.of();
        }
        List<T> released = new ArrayList<>(refused.values());
        refused.clear();
        // Only code 0 is signed: a refusal does not show who answered.
        if (Integer.valueOf(0).equals(good.code())) {
            anyVerified = true;
            released.addAll(unverified.values());
            unverified.clear();
        }
        return released;
    }

    private Decision<T> withheldUnlessStopped() {
        return stopped == null ? new Withheld<>() : new Stop<>(stopped);
    }

    private Decision<T> stop(String why) {
        stopped = why;
        return new Stop<>(why);
    }

    private static boolean isUnverified(Event event) {
        return event instanceof Event.NotVerified
                || (event instanceof Event.QueryRefused refused && !refused.byKsher());
    }

    private static String detail(Event event) {
        CallDetails details = event.details();
        return details == null ? "" : details.text();
    }

    synchronized boolean isEmpty() {
        return refused.isEmpty() && unverified.isEmpty();
    }

    /** Removes and returns all withheld ends. */
    synchronized List<T> takeAll() {
        List<T> all = new ArrayList<>(refused.values());
        all.addAll(unverified.values());
        refused.clear();
        unverified.clear();
        return all;
    }
}
