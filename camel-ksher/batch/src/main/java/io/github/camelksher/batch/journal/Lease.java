/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A process's right to work on rows: what it claims, what it writes of them, and its heartbeat. Thread-safe. */
public interface Lease extends AutoCloseable {

    /** How often {@link #renew} is to be called. */
    Duration RENEW_EVERY = Duration.ofSeconds(5);

    /**
     * Registers this process, and takes over what others left.
     *
     * @param target whose orders it works on
     * @param name for people who look into the journal
     * @param queryInterval how long after its end an order's query may be repeated
     * @param callTimeout how long the longest call of this process may take
     */
    static Lease take(Journal journal, Target target, String name, Duration queryInterval, Duration callTimeout) {
        return JournalLease.take(journal, target, name, queryInterval, callTimeout);
    }

    /** What the target's orders have been worked on before, in milliseconds. */
    long ranBefore();

    /**
     * The heartbeat. Takes over what nobody works on any more. A process that was held up for so long that its rows are others' gets
     * a new id: what it still has in hand can change nothing.
     *
     * @param ran the target's run time as this process counts it, in milliseconds
     * @return the longest that any process counts
     */
    long renew(long ran);

    /** Whether a call for the row may be made now: the heartbeat is fresh, and the row was claimed under the present id. */
    boolean allowsCall(HeldRow row);

    /** Whether rows may be claimed now. */
    boolean allowsClaim();

    /**
     * Takes up to {@code limit} rows that are due, those first that were begun, and announces a query of each.
     *
     * @param ran the target's run time now, in milliseconds
     */
    Claim claim(List<BatchInfo> batches, int limit, long ran);

    /**
     * Writes what became of a row.
     *
     * @return completed when it is on disk; false if the row is not this process's any more
     */
    CompletableFuture<Boolean> save(Save save);

    /** Whether a row waits in one of these batches that can go on before any held row is saved. */
    boolean anyCanGoOn(List<BatchInfo> batches);

    /** The batches of the waiting rows' orders that were begun at another target; each with its addresses. */
    List<String> heldElsewhere(List<BatchInfo> batches);

    /** What is said of held rows of these batches whose worker is silent; it may have ended, and they wait for its lease. */
    default List<String> heldBySilentWorkers(List<BatchInfo> batches) {
        return List.of();
    }

    /** Gives the lease back, when no call is in flight any more. What it still holds is put back. */
    @Override
    void close();

    /** What tells the workers of one journal apart. */
    static String processName() {
        return ProcessHandle.current().pid() + "@" + hostName();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host that does not know its own name is alone with it.
            return "localhost";
        }
    }
}
