/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same night with a journal in a file: the process is killed and stopped, its disk is full for
 * a while, and its clock is set. An operator runs the same again; a folder's process needs that
 * only when it was killed. {@code -Dseed} and {@code -Dchaos.seconds} as in {@link ChaosTest}; the
 * clock is left alone where there is no libfaketime (Debian's package faketime, or {@code
 * -Dfaketime=/path/to/libfaketimeMT.so.1}).
 */
@Tag("full")
class H2ChaosTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000);
    private static final int SECONDS = Integer.getInteger("chaos.seconds", 20);
    private static final boolean LONG = SECONDS >= 300;
    /** A process looks at the file that says what its clock shows once a second. */
    private static final Duration CLOCK_IS_READ = Duration.ofSeconds(2);

    private static final Duration SOON = Duration.ofSeconds(60);
    /** For what is left when the troubles are over. */
    private static final Duration UNTIL_COMPLETE = Duration.ofSeconds(150);

    /** Of a kind each; {@code -Dchaos.only=KILL,SUSPEND} leaves the others out. */
    private enum Trouble {
        KILL,
        SUSPEND,
        DISK_FULL,
        CLOCK_AHEAD,
        CLOCK_BACK
    }

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final TroubleLog log = new TroubleLog();
    private final Path faketime = Stream.of(
                    System.getProperty("faketime", "none"),
                    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1")
            .map(Path::of)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElse(null);
    private final boolean disk = FullDisk.canBeMade();
    private Deque<Trouble> planned = new ArrayDeque<>();
    private int runs;
    private long ahead;

    @BeforeEach
    void say() throws Exception {
        System.out.println("chaos on H2 of " + SECONDS + " s, -Dseed=" + SEED);
        if (faketime == null) {
            System.out.println("SKIPPED: a clock that is set, since libfaketime is not there");
        }
        setAhead(0);
        if (!disk) {
            System.out.println("SKIPPED: a disk that fills, since prlimit is not there");
        }
    }

    @Test
    void whateverHappensToFileRunsEveryOrderHasOneTrueRow() throws Exception {
        try (KsherSimulator ksher = TestKsher.misbehaving(SEED)) {
            OverlappingBatches batches = new OverlappingBatches(ksher, random, 50);
            Path config = config(ksher);
            Instant end = Instant.now().plusSeconds(SECONDS);
            Instant tooLate = end.plus(UNTIL_COMPLETE);
            planned = plan();
            while (Instant.now().isBefore(end) || !planned.isEmpty()) {
                OverlappingBatches.Batch batch = batches.next();
                Path file = OverlappingBatches.writeTo(directory.resolve(batch.name() + ".csv"), batch);
                boolean done = false;
                while (!done) {
                    assertThat(Instant.now())
                            .as("it ends, however often it is run")
                            .isBefore(tooLate);
                    done = runOnce(ksher, end, file.toString(), config);
                }
            }
            agree(batches);
        }
    }

    /** Whether the file is done. */
    private boolean runOnce(KsherSimulator ksher, Instant end, String file, Path config) throws Exception {
        try (BatchProcess process = start(file, "--config", config.toString(), "--report", "out", "--parallel", "4")) {
            boolean full = false;
            while (awaitCalls(process, ksher) && (Instant.now().isBefore(end) || !planned.isEmpty())) {
                BatchProcess.pause(Duration.ofMillis(random.nextInt(LONG ? 4_000 : 1_000)));
                Trouble trouble = next();
                if (!process.isAlive()) {
                    planned.push(trouble);
                    break;
                }
                cause(trouble, process);
                log.count(trouble);
                full |= trouble == Trouble.DISK_FULL;
                if (trouble == Trouble.KILL) {
                    return false;
                }
            }
            int exit = process.exitCode(UNTIL_COMPLETE);
            if (exit == ExitCode.UNFINISHED.number()) {
                assertThat(full).as("its disk was full: " + process.output()).isTrue();
                assertThat(process.output()).contains("journal", "run the same again");
                log.count("stopped for a full disk");
            } else {
                assertThat(exit).as(process.output()).isIn(ExitCode.SETTLED.number(), ExitCode.NEEDS_PERSON.number());
            }
            assertThat(process.output()).doesNotContain("\tat ", "An error of this program", "not-for-anybody");
            return exit != ExitCode.UNFINISHED.number();
        }
    }

    @Test
    void whateverHappensToAWatchedFolderEveryOrderHasOneTrueRow() throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        try (KsherSimulator ksher = TestKsher.misbehaving(SEED)) {
            OverlappingBatches batches = new OverlappingBatches(ksher, random, 50);
            String[] arguments = {
                "--watch", inbox.toString(), "--config", config(ksher).toString(), "--report", "out", "--parallel", "4"
            };
            Instant end = Instant.now().plusSeconds(SECONDS);
            planned = plan();
            drop(batches.next(), inbox);
            BatchProcess process = start(arguments);
            try {
                while (Instant.now().isBefore(end) || !planned.isEmpty()) {
                    assertThat(awaitCalls(process, ksher))
                            .as("it goes on by itself: " + process.tail(20))
                            .isTrue();
                    BatchProcess.pause(Duration.ofMillis(random.nextInt(LONG ? 4_000 : 1_000)));
                    Trouble trouble = next();
                    cause(trouble, process);
                    log.count(trouble);
                    if (trouble == Trouble.KILL) {
                        process = start(arguments);
                    }
                    if (unreported(batches) < 2) {
                        drop(batches.next(), inbox);
                    }
                }
                Instant tooLate = Instant.now().plus(UNTIL_COMPLETE);
                while (unreported(batches) > 0) {
                    assertThat(process.isAlive() && Instant.now().isBefore(tooLate))
                            .as("it finishes " + unreported(batches) + " batches by itself: " + process.tail(20))
                            .isTrue();
                    BatchProcess.pause(Duration.ofMillis(100));
                }
                process.terminate();
                assertThat(process.exitCode(SOON)).as(process.output()).isZero();
                assertThat(process.output()).doesNotContain("\tat ", "An error of this program", "not-for-anybody");
            } finally {
                process.close();
            }
            agree(batches);
        }
    }

    private void agree(OverlappingBatches batches) throws Exception {
        System.out.println(log + " in " + runs + " runs");
        batches.agree(directory.resolve("out"), log);
        for (Trouble trouble : plan()) {
            assertThat(log.times(trouble)).as(trouble + " happened").isPositive();
        }
    }

    private long unreported(OverlappingBatches batches) {
        return batches.all().stream()
                .filter(batch -> OverlappingBatches.report(directory.resolve("out"), batch) == null)
                .count();
    }

    private Path config(KsherSimulator ksher) throws Exception {
        return TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of("batch.give-up-after", "15m"));
    }

    /** Another name first: what is renamed is whole. */
    private static void drop(OverlappingBatches.Batch batch, Path inbox) throws Exception {
        Path whole = OverlappingBatches.writeTo(inbox.resolve(batch.name() + ".part"), batch);
        Files.move(whole, inbox.resolve(batch.name() + ".csv"));
    }

    private BatchProcess start(String... arguments) throws Exception {
        String name = "run-" + ++runs;
        return faketime == null
                ? BatchProcess.start(directory, name, arguments)
                : BatchProcess.startWithClock(directory, name, faketime, directory.resolve("clock"), arguments);
    }

    /** Also for the runs after this one. */
    private void setAhead(long seconds) throws Exception {
        Instant before = Instant.now();
        Path next = Files.writeString(directory.resolve("clock.next"), (seconds < 0 ? "" : "+") + seconds + "s\n");
        Files.move(next, directory.resolve("clock"), StandardCopyOption.ATOMIC_MOVE);
        if (seconds > ahead) {
            log.jumpedAhead(before, Instant.now().plus(CLOCK_IS_READ));
        }
        ahead = seconds;
    }

    /** False if it ended before. */
    private static boolean awaitCalls(BatchProcess process, KsherSimulator ksher) throws Exception {
        int before = ksher.calls().size();
        Instant tooLate = Instant.now().plus(SOON);
        while (process.isAlive() && ksher.calls().size() <= before + 5) {
            if (Instant.now().isAfter(tooLate)) {
                throw new AssertionError("made no call for " + SOON + ":\n" + process.tail(20));
            }
            BatchProcess.pause(Duration.ofMillis(20));
        }
        return process.isAlive();
    }

    private Deque<Trouble> plan() {
        String only = System.getProperty("chaos.only", "");
        List<Trouble> all = new ArrayList<>(List.of(Trouble.values()));
        all.removeIf(trouble -> (trouble == Trouble.DISK_FULL && !disk)
                || ((trouble == Trouble.CLOCK_AHEAD || trouble == Trouble.CLOCK_BACK) && faketime == null)
                || (!only.isEmpty() && !List.of(only.split(",")).contains(trouble.name())));
        Collections.shuffle(all, random);
        return new ArrayDeque<>(all);
    }

    private Trouble next() {
        if (planned.isEmpty()) {
            planned = plan();
        }
        return planned.remove();
    }

    private void cause(Trouble trouble, BatchProcess process) throws Exception {
        switch (trouble) {
            case KILL -> process.kill();
            case SUSPEND -> {
                process.suspend();
                BatchProcess.pause(Duration.ofMillis(500 + random.nextInt(LONG ? 40_000 : 4_000)));
                process.resume();
            }
            case CLOCK_AHEAD -> setAhead(ahead + (random.nextBoolean() ? 3_600 : 2 + random.nextInt(20)));
            case CLOCK_BACK -> setAhead(ahead - (random.nextBoolean() ? 3_600 : 2 + random.nextInt(20)));
            case DISK_FULL -> {
                FullDisk.begin(process);
                BatchProcess.pause(Duration.ofMillis(500 + random.nextInt(LONG ? 20_000 : 4_000)));
                if (process.isAlive()) {
                    FullDisk.end(process);
                }
            }
        }
    }
}
