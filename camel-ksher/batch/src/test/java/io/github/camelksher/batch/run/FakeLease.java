/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Claim;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Save;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * A lease in memory that answers as the test says; at first it allows everything, has no row and
 * writes at once.
 */
final class FakeLease implements Lease {

    /** What was asked of {@link #claim}. */
    record Asked(List<BatchInfo> batches, int limit, long ran) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final List<Save> saves = new CopyOnWriteArrayList<>();
    volatile Predicate<HeldRow> onAllowsCall = row -> true;
    volatile BooleanSupplier onAllowsClaim = () -> true;
    /** Is given the limit. */
    volatile IntFunction<Claim> onClaim = limit -> new Claim(List.of(), null);

    volatile BooleanSupplier onAnyCanGoOn = () -> false;
    volatile Function<Save, CompletableFuture<Boolean>> onSave = save -> CompletableFuture.completedFuture(true);

    /** The next claims bring these rows, no more at once than were asked for. */
    void has(List<HeldRow> rows) {
        List<HeldRow> left = new CopyOnWriteArrayList<>(rows);
        onClaim = limit -> {
            List<HeldRow> some = List.copyOf(left.subList(0, Math.min(limit, left.size())));
            left.removeAll(some);
            return new Claim(some, null);
        };
    }

    /** Whether the save announces a command. */
    static boolean announces(Save save) {
        return save.delay() == null && save.result() == null;
    }

    /** Each of the next announcements is on disk after this has happened. */
    void beforeAnnouncementIsOnDisk(Runnable what) {
        onSave = save -> {
            if (announces(save)) {
                what.run();
            }
            return CompletableFuture.completedFuture(true);
        };
    }

    Save lastSave() {
        return saves.get(saves.size() - 1);
    }

    List<Integer> limits() {
        return asked.stream().map(Asked::limit).toList();
    }

    @Override
    public boolean allowsCall(HeldRow row) {
        return onAllowsCall.test(row);
    }

    @Override
    public boolean allowsClaim() {
        return onAllowsClaim.getAsBoolean();
    }

    @Override
    public Claim claim(List<BatchInfo> batches, int limit, long ran) {
        asked.add(new Asked(batches, limit, ran));
        return onClaim.apply(limit);
    }

    @Override
    public CompletableFuture<Boolean> save(Save save) {
        saves.add(save);
        return onSave.apply(save);
    }

    @Override
    public boolean anyCanGoOn(List<BatchInfo> batches) {
        return onAnyCanGoOn.getAsBoolean();
    }

    @Override
    public long ranBefore() {
        return 0;
    }

    @Override
    public long renew(long ran) {
        return ran;
    }

    @Override
    public List<String> heldElsewhere(List<BatchInfo> batches) {
        return List.of();
    }

    @Override
    public void close() {}
}
