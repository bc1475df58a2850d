/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.run.Bench.row;
import static io.github.camelksher.batch.run.Bench.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How the loop ends: stopped, interrupted, or by a failure anywhere. */
class ClaimLoopEndTest extends ClaimLoopCase {

    @Test
    void runsUntilTheWorkerStops() {
        lease.has(rows(1_000));
        calls(2, Ends.PAID);
        calls.thenDo(() -> {
            bench.state.stop("Ctrl-C");
            return Ends.PAID;
        });
        bench.loop(Runnable::run).run();
        assertThat(calls.made).hasSize(3);
        assertThat(bench.state.stopped()).isEqualTo("Ctrl-C");
        assertThat(bench.state.hasFailed()).isFalse();
        assertThat(lease.saves).as("every claimed row is written").hasSize(40);
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws InterruptedException {
        Thread thread = new Thread(loop::run);
        thread.start();
        thread.interrupt();
        thread.join();
        assertThat(bench.state.stopped()).isEqualTo("interrupted");
    }

    /** Lets what is described go wrong in this way. */
    private static Arguments fault(String what, BiConsumer<Bench, RuntimeException> set) {
        return Arguments.of(what, set);
    }

    private static void failInQuery(Bench bench, RuntimeException e) {
        bench.calls.thenDo(() -> {
            throw e;
        });
    }

    private static void failInSave(Bench bench, Event seen, RuntimeException e) {
        bench.calls.then(seen);
        bench.lease.onSave = save -> {
            throw e;
        };
    }

    private static void failAfterSave(Bench bench, Event seen, RuntimeException e) {
        bench.calls.then(seen);
        bench.lease.onSave = save -> CompletableFuture.failedFuture(e);
    }

    static Stream<Arguments> faultsOfTheJournal() {
        return Stream.of(
                fault(
                        "the open batches",
                        (bench, e) -> bench.openBatches = () -> {
                            throw e;
                        }),
                fault(
                        "a claim",
                        (bench, e) -> bench.lease.onClaim = limit -> {
                            throw e;
                        }),
                fault("what can go on", (bench, e) -> {
                    bench.calls.then(Ends.UNVERIFIED);
                    bench.lease.onAnyCanGoOn = () -> {
                        throw e;
                    };
                }),
                fault("an end that is not taken", (bench, e) -> failInSave(bench, Ends.PAID, e)),
                fault("an end that is not written", (bench, e) -> failAfterSave(bench, Ends.PAID, e)),
                fault("a wait that is not taken", (bench, e) -> failInSave(bench, Ends.FAILED, e)),
                fault("a wait that is not written", (bench, e) -> failAfterSave(bench, Ends.FAILED, e)),
                fault("an announcement that is not taken", (bench, e) -> failInSave(bench, Ends.OPEN, e)),
                fault("an announcement that is not written", (bench, e) -> failAfterSave(bench, Ends.OPEN, e)),
                fault("a withheld end that is not taken", (bench, e) -> failInSave(bench, Ends.UNVERIFIED, e)),
                fault("a withheld end that is not written", (bench, e) -> failAfterSave(bench, Ends.UNVERIFIED, e)),
                fault("what is told when nothing can be begun", (bench, e) -> {
                    bench.calls.then(Ends.PAID);
                    bench.onIdle = () -> {
                        throw e;
                    };
                }));
    }

    static Stream<Arguments> faultsOfOthers() {
        return Stream.of(
                fault("a query", ClaimLoopEndTest::failInQuery),
                fault("a command", (bench, e) -> {
                    bench.calls.then(Ends.OPEN);
                    failInQuery(bench, e);
                }),
                fault(
                        "whether a claim is allowed",
                        (bench, e) -> bench.lease.onAllowsClaim = () -> {
                            throw e;
                        }),
                fault(
                        "whether a call is allowed",
                        (bench, e) -> bench.lease.onAllowsCall = row -> {
                            throw e;
                        }),
                fault("the observer, told of a call", (bench, e) -> {
                    bench.calls.then(Ends.PAID);
                    bench.observer.onCalled = () -> {
                        throw e;
                    };
                }),
                fault("the observer, told of an end", (bench, e) -> {
                    bench.calls.then(Ends.PAID);
                    bench.observer.onSettled = () -> {
                        throw e;
                    };
                }));
    }

    /** Runs with one row at hand, until it fails, or until nothing is left to do. */
    private void runToTheEnd(BiConsumer<Bench, RuntimeException> set, RuntimeException fault) {
        lease.has(List.of(row(2)));
        bench.onIdle = () -> bench.state.stop("nothing is left to do");
        set.accept(bench, fault);
        bench.loop(Runnable::run).run();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"faultsOfTheJournal", "faultsOfOthers"})
    void aMistakeAnywhereEndsTheRunWithWords(String what, BiConsumer<Bench, RuntimeException> set) {
        runToTheEnd(set, new IllegalStateException("SECRET2, which a message may quote"));
        assertThat(bench.state.hasFailed()).as(what).isTrue();
        assertThat(bench.state.stopped()).as(what).contains("IllegalStateException");
        assertThat(bench.rowWorker.inFlight()).isZero();
        assertThat(bench.rowWorker.unsaved()).as("nobody waits for it").isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultsOfTheJournal")
    void aJournalThatFailsAnywhereEndsTheRunWithItsOwnWords(String what, BiConsumer<Bench, RuntimeException> set) {
        runToTheEnd(set, new JournalException("The disk is full: make room."));
        assertThat(bench.state.hasFailed()).as(what).isTrue();
        assertThat(bench.state.stopped()).as(what).isEqualTo("The disk is full: make room.");
        assertThat(bench.rowWorker.unsaved()).as("nobody waits for it").isZero();
    }

    @Test
    void anErrorOfACallEndsTheRunWithWords() {
        lease.has(List.of(row(2)));
        calls.thenDo(() -> {
            throw new StackOverflowError("too deep");
        });
        loop.step();
        threads.runAll();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("StackOverflowError", "please report it");
        assertThat(lease.saves).as("it stays announced, and is asked about").isEmpty();
    }

    @Test
    void anErrorOfTheJournalEndsTheRunWithWords() {
        lease.onClaim = limit -> {
            throw new OutOfMemoryError("heap");
        };
        loop.run();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("OutOfMemoryError", "please report it");
    }

    @Test
    void threadsThatTakeNoWorkEndTheRunWithWords() {
        lease.has(rows(3));
        Executor full = work -> {
            throw new RejectedExecutionException("no thread");
        };
        bench.loop(full).run();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("RejectedExecutionException", "please report it");
        assertThat(calls.made).isEmpty();
    }

    @Test
    void aMistakeOfOneRowStopsTheOthersThatWaitAndLosesNone() {
        List<HeldRow> rows = rows(3);
        lease.has(rows);
        loop.step();
        failInQuery(bench, new IllegalStateException("a mistake"));
        threads.runAll();
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).extracting(save -> save.row().row().line()).containsExactly(3L, 4L);
        assertThat(lease.saves).allSatisfy(save -> assertThat(Objects.requireNonNull(save.delay()))
                .isEqualTo(Duration.ZERO));
        assertThat(bench.state.stopped()).contains("IllegalStateException");
    }
}
