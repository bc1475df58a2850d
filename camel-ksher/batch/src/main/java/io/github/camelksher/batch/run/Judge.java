/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Facts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When it makes no sense to go on with any order: Ksher does not let us in, what answers is not Ksher, or nothing answers. What
 * such replies would say of their own orders is undecided until a good reply comes. Thread-safe.
 *
 * @param <T> what stands for an order's undecided end
 */
final class Judge<T> {

    private static final int REFUSALS = 3;
    private static final int STRANGERS = 10;
    private static final int FAILURES = 20;
    /** Fewer will do if they go on for this long: a small batch has no 20 orders. */
    private static final int FAILURES_IN_A_MINUTE = 3;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What an event means for the whole. */
    sealed interface Ruling<T> {}

    /** The event is its order's own; those undecided before stand as they are. */
    record GoOn<T>(List<T> decided) implements Ruling<T> {}

    /** The event's order is undecided with the others. */
    record Undecided<T>() implements Ruling<T> {}

    /** Stop, and say why. All that is undecided, this event's order too, is planned again. */
    record Stop<T>(String why) implements Ruling<T> {}

    private final Map<String, T> refused = new LinkedHashMap<>();
    private final Map<String, T> strangers = new LinkedHashMap<>();
    private final Set<String> failed = new LinkedHashSet<>();
    private final LongSupplier nanoTime;
    private long failingSince;
    private boolean anyGood;
    private boolean anyVerified;
    private @Nullable String stopped;

    /** @param nanoTime as {@link System#nanoTime} */
    Judge(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Looks at how a call of the order ended; {@code end} is what becomes of it if the event is its own. */
    synchronized Ruling<T> after(String orderKey, Event event, T end) {
        if (event instanceof Event.NotLetIn refusal) {
            refused.put(orderKey, end);
            return anyGood && refused.size() < REFUSALS
                    ? undecidedUnlessStopped()
                    : stop("Ksher does not let us in (code " + refusal.facts().code()
                            + "): check that camel.component.ksher.app-id is yours, and private-key its key.");
        }
        if (isStranger(event) && !anyVerified) {
            strangers.put(orderKey, end);
            return strangers.size() < STRANGERS
                    ? undecidedUnlessStopped()
                    : stop("none of the first replies is Ksher's (the latest: "
                            + detail(event) + "): check camel.component.ksher.api-url and gateway-url,"
                            + " ksher-public-key and sign-version, and what sits between you and Ksher.");
        }
        if (event instanceof Event.QueryFailed || event instanceof Event.NoAnswer) {
            if (failed.isEmpty()) {
                failingSince = nanoTime.getAsLong();
            }
            failed.add(orderKey);
            return new GoOn<>(List.of());
        }
        Facts facts = reply(event);
        return facts == null || facts.code() == null ? new GoOn<>(List.of()) : good(facts);
    }

    /** What is known of a reply that says that we are let in; null for any other event. */
    private static @Nullable Facts reply(Event event) {
        if (event instanceof Event.Seen seen) {
            return seen.facts();
        }
        if (event instanceof Event.NoSuchOrder unknown) {
            return unknown.facts();
        }
        if (event instanceof Event.QueryRefused refusedQuery) {
            return refusedQuery.facts();
        }
        if (event instanceof Event.Done done) {
            return done.facts();
        }
        return event instanceof Event.Refused refusedCommand ? refusedCommand.facts() : null;
    }

    private Ruling<T> good(Facts facts) {
        anyGood = true;
        failed.clear();
        List<T> decided = new ArrayList<>(refused.values());
        refused.clear();
        // A refusal is not signed: it shows that we are let in, not who answers.
        if (Integer.valueOf(0).equals(facts.code())) {
            anyVerified = true;
            decided.addAll(strangers.values());
            strangers.clear();
        }
        return new GoOn<>(decided);
    }

    private Ruling<T> undecidedUnlessStopped() {
        return stopped == null ? new Undecided<>() : new Stop<>(stopped);
    }

    private Ruling<T> stop(String why) {
        stopped = why;
        return new Stop<>(why);
    }

    private static boolean isStranger(Event event) {
        return event instanceof Event.NotVerified
                || (event instanceof Event.QueryRefused refused && !refused.byKsher());
    }

    private static String detail(Event event) {
        return event instanceof Event.NotVerified notVerified
                ? notVerified.facts().detail()
                : event instanceof Event.QueryRefused refused ? refused.facts().detail() : "";
    }

    /** All that is undecided, to be dealt with: as it is, if nothing is left that could bring a good reply, or planned again. */
    synchronized List<T> takeAll() {
        List<T> all = new ArrayList<>(refused.values());
        all.addAll(strangers.values());
        refused.clear();
        strangers.clear();
        return all;
    }

    /** Whether so many different orders in a row failed that it is better to wait. */
    synchronized boolean wantsPause() {
        return failed.size() >= FAILURES
                || (failed.size() >= FAILURES_IN_A_MINUTE && nanoTime.getAsLong() - failingSince >= MINUTE_NANOS);
    }
}
