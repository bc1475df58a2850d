/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats failed work while the journal's database is away, with growing waits, until the patience
 * is over. Logs each reason once a minute at most. Thread-safe.
 */
final class Outage {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final long WARN_AGAIN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    /** After so many doublings the wait is the longest one. */
    private static final int DOUBLED = 9;

    private static final long GIVEN_UP_FOR_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int CONFLICT_WAIT_MILLIS = 50;
    /** So many conflicts in a row are no coincidence. */
    private static final int CONFLICTS = 100;

    /** Null waits without end. */
    private @Nullable Duration patience = Duration.ZERO;

    private @Nullable SQLException gaveUp;
    private long gaveUpAt;
    private @Nullable String reason;
    private long since;
    private long saidAt;
    private @Nullable String said;

    /** @param patience how long an outage may last; null for as long as it takes */
    synchronized void setPatience(@Nullable Duration patience) {
        this.patience = patience;
        notifyAll();
    }

    synchronized @Nullable String reason() {
        return reason;
    }

    /** Work has succeeded again. */
    synchronized void isOver() {
        if (reason != null && said != null) {
            LOG.info("The journal can be used again.");
        }
        reason = null;
        said = null;
        gaveUp = null;
    }

    /**
     * Waits before failed work is repeated.
     *
     * @param attempt 1 after the first failure
     * @return false if it must not be repeated
     */
    boolean tryAgain(SQLException failure, int attempt) {
        return switch (Database.kind(failure)) {
            case CONFLICT ->
                attempt < CONFLICTS && sleep(1 + ThreadLocalRandom.current().nextInt(CONFLICT_WAIT_MILLIS));
            case AWAY -> {
                begin(failure);
                // The first failure may come from a stale connection.
                boolean again = sleep(attempt == 1 ? 1 : wait(attempt));
                if (!again) {
                    giveUp(failure);
                }
                yield again;
            }
            case INVALID -> false;
        };
    }

    /** Fails at once if the patience ended a moment ago: an attempt takes seconds. */
    synchronized void check() throws SQLException {
        if (gaveUp != null && System.nanoTime() - gaveUpAt < GIVEN_UP_FOR_NANOS) {
            throw gaveUp;
        }
    }

    private static long wait(int attempt) {
        return Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(attempt - 2, DOUBLED));
    }

    private synchronized void giveUp(SQLException failure) {
        if (gaveUp != failure && patience != null && !patience.isZero()) {
            gaveUp = failure;
            gaveUpAt = System.nanoTime();
        }
    }

    private synchronized void begin(SQLException failure) {
        long now = System.nanoTime();
        if (reason == null) {
            since = now;
        }
        reason = Database.shortText(failure);
        if (!reason.equals(said) || now - saidAt >= WARN_AGAIN_AFTER_NANOS) {
            LOG.warn("The journal cannot be used ({}): trying again. No order is begun until it can be.", reason);
            said = reason;
            saidAt = now;
        }
    }

    /** Waits; returns false if the patience is over. */
    private synchronized boolean sleep(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis;
                    left > 0 && isPatient();
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return isPatient();
    }

    private boolean isPatient() {
        return patience == null || reason == null || System.nanoTime() - since < patience.toNanos();
    }
}
