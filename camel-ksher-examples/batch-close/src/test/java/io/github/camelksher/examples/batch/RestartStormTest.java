/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL crashes every 20 s under three workers: all of them go on by themselves. {@code
 * -Dstorm.crashes=15} makes it five minutes.
 */
@Tag("full")
class RestartStormTest {

    private static final int CRASHES = Integer.getInteger("storm.crashes", 2);
    private static final long SEED = Long.getLong("seed", 41);
    private static final Duration EVERY = Duration.ofSeconds(20);
    private static final int ORDERS_A_SECOND = 6;

    @TempDir
    Path directory;

    @Test
    void workersGoOnByThemselvesHoweverOftenTheDatabaseCrashes() throws Exception {
        Random random = new Random(SEED);
        TroubleLog log = new TroubleLog();
        try (KsherSimulator ksher = TestKsher.misbehaving(SEED);
                RestartablePostgres postgres = new RestartablePostgres(directory);
                TestBroker broker = new TestBroker(directory.resolve("broker"))) {
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), ChaosTest.settings(postgres));
            OverlappingBatches batches = new OverlappingBatches(ksher, random, 50);
            QueueFeeder feeder = new QueueFeeder(batches, broker, random);
            try (Workers workers = new Workers(directory, postgres, broker, config)) {
                workers.start(3);
                for (int crash = 0; crash < CRASHES; crash++) {
                    Instant next = Instant.now().plus(EVERY);
                    while (Instant.now().isBefore(next)) {
                        feeder.send(ORDERS_A_SECOND);
                        BatchProcess.pause(Duration.ofSeconds(1));
                        workers.assertAlive();
                    }
                    int before = ksher.calls().size();
                    postgres.stop();
                    postgres.start();
                    log.count("crash");
                    feeder.send(ORDERS_A_SECOND);
                    workers.await(
                            EVERY, "somebody works again", () -> ksher.calls().size() > before + ORDERS_A_SECOND);
                }
                feeder.finish();
                System.out.println(log + ", " + feeder.sent() + " orders sent");
                workers.await(
                        Duration.ofSeconds(90),
                        "every batch has its report",
                        () -> batches.allReported(directory.resolve("out")));
                workers.terminate();
            }
            assertThat(broker.count(TestBroker.ORDERS)).as("left on the queue").isZero();
            assertThat(broker.count(TestBroker.DEAD)).as("dead letters").isZero();
            batches.agree(directory.resolve("out"), log);
        }
    }
}
