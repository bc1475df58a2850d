/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator's worst night: three workers on one queue and one PostgreSQL, at a Ksher
 * that loses, delays and forges replies. They are killed, and stopped for longer than
 * their lease; the database crashes, cuts its connections, and its clock jumps; the
 * broker goes away. None of them is started again for what happened to the database or
 * the broker, and in the end every message has one true row. {@code -Dseed} repeats an
 * order of events, {@code -Dchaos.seconds=3600} makes the night long.
 */
@Tag("full")
class ChaosTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000);
    private static final int SECONDS = Integer.getInteger("chaos.seconds", 40);
    private static final boolean LONG = SECONDS >= 300;
    private static final int WORKERS = 3;
    private static final int ORDERS_OF_A_BATCH = 100;
    private static final int ORDERS_AT_ONCE = 60;
    /** Longer than a lease. */
    private static final int ASLEEP_SECONDS = LONG ? 40 : 34;
    /** A dead worker's lease, its longest call, an interval, and a slow machine. */
    private static final Duration UNTIL_COMPLETE = Duration.ofSeconds(120);

    /** Of a kind each; {@code -Dchaos.only=KILL,BROKER_GONE} leaves the others out. */
    private enum Trouble {
        KILL,
        SUSPEND,
        DATABASE_CRASH,
        CONNECTIONS_CUT,
        CLOCK_AHEAD,
        CLOCK_AN_HOUR_AHEAD,
        CLOCK_BACK,
        BROKER_GONE
    }

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final TroubleLog log = new TroubleLog();
    private Duration ahead = Duration.ZERO;

    @Test
    void whateverHappensToWorkersDatabaseAndBrokerEveryOrderHasOneTrueRow() throws Exception {
        System.out.println("chaos of " + SECONDS + " s, -Dseed=" + SEED);
        try (KsherSimulator ksher = TestKsher.misbehaving(SEED);
                RestartablePostgres postgres = new RestartablePostgres(directory);
                TestBroker broker = new TestBroker(directory.resolve("broker"))) {
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), settings(postgres));
            OverlappingBatches batches = new OverlappingBatches(ksher, random, ORDERS_OF_A_BATCH / 2);
            QueueFeeder feeder = new QueueFeeder(batches, broker, random);
            feeder.send(2 * ORDERS_AT_ONCE);
            try (Workers workers = new Workers(directory, postgres, broker, config)) {
                workers.start(WORKERS);
                trouble(workers, postgres, broker, feeder);
                feeder.finish();
                System.out.println("done: " + log + ", " + feeder.sent() + " orders sent");
                workers.await(
                        UNTIL_COMPLETE,
                        "every batch has its report",
                        () -> batches.allReported(directory.resolve("out")));
                workers.terminate();
            }
            assertThat(broker.count(TestBroker.ORDERS)).as("left on the queue").isZero();
            assertThat(broker.count(TestBroker.DEAD)).as("dead letters").isZero();
            batches.agree(directory.resolve("out"), log);
        }
        for (Trouble trouble : troubles()) {
            assertThat(log.times(trouble)).as(trouble + " happened").isPositive();
        }
    }

    static Map<String, String> settings(RestartablePostgres postgres) {
        return Map.of(
                "batch.journal", postgres.url(),
                "batch.give-up-after", "15m",
                // All totals are known; an hour in which nothing
                // came is nothing but a jump of the clock here.
                "batch.quiet-after", "24h",
                "camel.component.ksher.response-timeout", "5s",
                "camel.component.ksher.call-timeout", "10s");
    }

    private void trouble(Workers workers, RestartablePostgres postgres, TestBroker broker, QueueFeeder feeder)
            throws Exception {
        Instant end = Instant.now().plusSeconds(SECONDS);
        Deque<Trouble> planned = plan();
        while (!planned.isEmpty() || Instant.now().isBefore(end)) {
            if (planned.isEmpty()) {
                planned = plan();
            }
            Trouble trouble = planned.remove();
            // One sleeps at a time, and none longer than the night unless none slept before.
            boolean late = log.times(trouble) > 0
                    && Instant.now().plusSeconds(ASLEEP_SECONDS).isAfter(end);
            if (trouble != Trouble.SUSPEND || !(workers.oneSleeps() || late)) {
                System.out.println(Instant.now() + " " + trouble);
                cause(trouble, workers, postgres, broker);
                log.count(trouble);
            }
            workers.assertAlive();
            workers.wakeIfDue(log);
            feeder.send(ORDERS_AT_ONCE);
            pause(LONG ? 6_000 : 1_500);
        }
        BatchProcess.pause(workers.untilWake());
        workers.wakeIfDue(log);
        setAhead(postgres, Duration.ZERO);
    }

    /**
     * Each kind once, in random order; but the one that
     * takes long first, so that the others happen meanwhile.
     */
    private Deque<Trouble> plan() {
        List<Trouble> all = troubles();
        Collections.shuffle(all, random);
        if (all.remove(Trouble.SUSPEND)) {
            all.add(0, Trouble.SUSPEND);
        }
        return new ArrayDeque<>(all);
    }

    private static List<Trouble> troubles() {
        String only = System.getProperty("chaos.only");
        return only == null
                ? new ArrayList<>(List.of(Trouble.values()))
                : Arrays.stream(only.split(",")).map(Trouble::valueOf).collect(Collectors.toCollection(ArrayList::new));
    }

    private void cause(Trouble trouble, Workers workers, RestartablePostgres postgres, TestBroker broker)
            throws Exception {
        switch (trouble) {
            case KILL -> workers.killOne(random);
            case SUSPEND -> workers.suspendOne(random, Duration.ofSeconds(ASLEEP_SECONDS));
            case DATABASE_CRASH -> {
                postgres.stop();
                pause(LONG ? 20_000 : 2_000);
                postgres.start();
            }
            case CONNECTIONS_CUT ->
                workers.await(Duration.ofSeconds(60), "somebody is connected", () -> postgres.cutConnections() > 0);
            case CLOCK_AHEAD -> setAhead(postgres, ahead.plusSeconds(2 + random.nextInt(20)));
            case CLOCK_AN_HOUR_AHEAD -> setAhead(postgres, ahead.plusHours(1));
            case CLOCK_BACK ->
                setAhead(postgres, ahead.isZero() ? Duration.ofSeconds(-2 - random.nextInt(20)) : Duration.ZERO);
            case BROKER_GONE -> {
                broker.stop();
                pause(LONG ? 20_000 : 3_000);
                broker.start();
            }
        }
    }

    private void setAhead(RestartablePostgres postgres, Duration next) throws Exception {
        Instant before = Instant.now();
        postgres.setAhead(next);
        if (next.compareTo(ahead) > 0) {
            log.jumpedAhead(before, Instant.now());
        }
        ahead = next;
    }

    /** Up to so long, and at least a fifth of it. */
    private void pause(int millis) {
        BatchProcess.pause(Duration.ofMillis(millis / 5 + random.nextInt(millis * 4 / 5)));
    }
}
