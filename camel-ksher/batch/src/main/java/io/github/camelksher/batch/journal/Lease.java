/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A process's right to work on rows: its claims, its saves and its heartbeat. Thread-safe. */
public interface Lease extends AutoCloseable {

    /** How often {@link #renew} is to be called. */
    Duration RENEW_EVERY = Duration.ofSeconds(5);

    /** A process that works on orders; its name is for people who read the journal's tables. */
    record Worker(Target target, String name, Duration callTimeout) {}

    /**
     * Registers a worker, and takes over the rows of workers that are gone.
     *
     * @param queryInterval from the end of an order's query to the next one
     */
    static Lease take(Journal journal, Worker worker, Duration queryInterval) {
        return JournalLease.take(journal, worker, queryInterval);
    }

    /** The target's run time so far, in milliseconds. */
    long ranBefore();

    /**
     * Sends the heartbeat and takes over the rows of workers that are gone. A worker that renews
     * too late gets a new id, so that it can no longer change the rows it held.
     *
     * @param ran the target's run time as this process counts it, in milliseconds
     * @return the longest run time that any process counts
     */
    long renew(long ran);

    /** Whether a call may begin: the heartbeat is recent, and the row was claimed under this id. */
    boolean allowsCall(HeldRow row);

    /** Whether rows may be claimed now. */
    boolean allowsClaim();

    /** Claims rows that are due, begun ones first, and announces a query of each. */
    Claim claim(List<BatchInfo> batches, int limit, long ran);

    /** Saves a held row; completes with false if another worker has taken the row over. */
    CompletableFuture<Boolean> save(Save save);

    /** Whether a waiting row of these batches can go on before any held row is saved. */
    boolean anyCanGoOn(List<BatchInfo> batches);

    /** Batches at another target whose orders rows of these batches wait for. */
    List<String> heldElsewhere(List<BatchInfo> batches);

    /** A sentence for each silent worker that holds rows of these batches. */
    default List<String> heldBySilentWorkers(List<BatchInfo> batches) {
        return List.of();
    }

    /** Gives the lease up after the last call. Rows that are still held are put back. */
    @Override
    void close();

    /** A name that differs between the workers of one journal. */
    static String processName() {
        return ProcessHandle.current().pid() + "@" + hostName();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // Such a host has no workers on other hosts.
            return "localhost";
        }
    }
}
