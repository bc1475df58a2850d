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
 * When the batch must stop: Ksher does not let us in, or what answers is not Ksher. What such replies would say of their own orders
 * is withheld until a good reply comes. Thread-safe.
 *
 * @param <T> what stands for an order's withheld end
 */
final class StopRules<T> {

    private static final int REFUSALS = 3;
    private static final int UNVERIFIED = 10;

    /** What an event means for the whole. */
    sealed interface Decision<T> {}

    /** The event is its order's own; the ends that were withheld before stand as they are. */
    record GoOn<T>(List<T> released) implements Decision<T> {}

    /** The event's order's end is withheld with the others. */
    record Withheld<T>() implements Decision<T> {}

    /** Stop, and say why. All that is withheld, this event's order too, is planned again. */
    record Stop<T>(String why) implements Decision<T> {}

    private final Map<String, T> refused = new LinkedHashMap<>();
    private final Map<String, T> unverified = new LinkedHashMap<>();
    private boolean anyGood;
    private boolean anyVerified;
    private @Nullable String stopped;

    /** Looks at how a call of the order ended; {@code end} is what becomes of it if the event is its own. */
    synchronized Decision<T> after(String orderKey, Event event, T end) {
        if (event instanceof Event.NotLetIn refusal) {
            refused.put(orderKey, end);
            return anyGood && refused.size() < REFUSALS
                    ? withheldUnlessStopped()
                    : stop("Ksher does not let us in (code " + refusal.details().code()
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
            // What is withheld is planned again: it was part of the reason.
            return List.of();
        }
        List<T> released = new ArrayList<>(refused.values());
        refused.clear();
        // A refusal is not signed: it shows that we are let in, not who answers.
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

    /** Whether nothing is withheld. */
    synchronized boolean isEmpty() {
        return refused.isEmpty() && unverified.isEmpty();
    }

    /** All that is withheld, to be dealt with: as it is, if nothing is left that could bring a good reply, or planned again. */
    synchronized List<T> takeAll() {
        List<T> all = new ArrayList<>(refused.values());
        all.addAll(unverified.values());
        refused.clear();
        unverified.clear();
        return all;
    }
}
