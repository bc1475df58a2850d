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
 * What is done while the journal's database cannot be used: whatever failed is tried again, with growing waits, until it succeeds or
 * patience is over. Says why, once a minute for the same reason. Thread-safe.
 */
final class Outage {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final long WARN_AGAIN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    /** Doubled so often, the first wait is the longest. */
    private static final int DOUBLED = 9;

    private static final long GIVEN_UP_FOR_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int CONFLICT_WAIT_MILLIS = 50;
    /** So many in a row are no coincidence. */
    private static final int CONFLICTS = 100;

    /** Null: without end. */
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

    /** Why the journal cannot be used now; null if it can. */
    synchronized @Nullable String reason() {
        return reason;
    }

    /** What was tried again has succeeded. */
    synchronized void isOver() {
        if (reason != null && said != null) {
            LOG.info("The journal can be used again.");
        }
        reason = null;
        said = null;
        gaveUp = null;
    }

    /**
     * Waits before what failed is tried again.
     *
     * @param attempt 1 after the first failure
     * @return false if it is not to be tried again
     */
    boolean tryAgain(SQLException failure, int attempt) {
        return switch (Database.kind(failure)) {
            case CONFLICT ->
                attempt < CONFLICTS && sleep(1 + ThreadLocalRandom.current().nextInt(CONFLICT_WAIT_MILLIS));
            case AWAY -> {
                begin(failure);
                // The first failure may be that of an old connection.
                boolean again = sleep(attempt == 1 ? 1 : wait(attempt));
                if (!again) {
                    giveUp(failure);
                }
                yield again;
            }
            case INVALID -> false;
        };
    }

    /** Fails at once if patience was over a moment ago: each trial of a database that is away takes its time. */
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

    /** Returns false if patience is over instead. */
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
