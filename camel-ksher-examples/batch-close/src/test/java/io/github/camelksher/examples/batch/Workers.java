/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Worker processes on one queue and one journal. None may end by itself: the next check fails. */
final class Workers implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int TAIL = 12;

    private static final String NOT_FINAL =
            """
            SELECT state, owner, w.name AS worker, COUNT(*), MIN(mch_order_no) AS one, MIN(due_at) AS due,
                CAST(EXTRACT(EPOCH FROM pg_catalog.clock_timestamp()) * 1000 AS BIGINT) AS now
            FROM order_row LEFT JOIN worker w ON w.id = owner WHERE state <> 'F' GROUP BY 1, 2, 3
            """;

    private final Path directory;
    private final RestartablePostgres postgres;
    private final String[] arguments;
    private final Map<String, BatchProcess> running = new TreeMap<>();
    private final List<BatchProcess> all = new ArrayList<>();
    private int started;
    private String suspended = "";
    private Instant wakeAt = Instant.MAX;

    /** @param config names the same database as its journal */
    Workers(Path directory, RestartablePostgres postgres, TestBroker broker, Path config) {
        this.directory = directory;
        this.postgres = postgres;
        arguments = new String[] {
            "--queue", broker.url(), "--config", config.toString(), "--parallel", "16", "--report", "out"
        };
    }

    void start(int count) throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "worker-" + ++started;
            BatchProcess process = BatchProcess.start(directory, name, arguments);
            running.put(name, process);
            all.add(process);
            names.add(name);
        }
        for (String name : names) {
            await(SOON, name + " consumes", () -> says(name, "consuming"));
        }
    }

    private boolean says(String name, String text) {
        try {
            return running.get(name).output().contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    private String any(Random random) {
        List<String> awake = running.keySet().stream()
                .filter(name -> !name.equals(suspended))
                .toList();
        return awake.get(random.nextInt(awake.size()));
    }

    /** SIGKILL; another one is started in its place. */
    void killOne(Random random) throws Exception {
        String victim = any(random);
        running.remove(victim).kill();
        start(1);
    }

    boolean oneSleeps() {
        return !suspended.isEmpty();
    }

    /** SIGSTOP of one, for so long. */
    void suspendOne(Random random, Duration time) throws Exception {
        suspended = any(random);
        running.get(suspended).suspend();
        wakeAt = Instant.now().plus(time);
    }

    /** SIGCONT of the one that sleeps, if it is time. */
    void wakeIfDue(TroubleLog log) throws Exception {
        if (oneSleeps() && Instant.now().isAfter(wakeAt)) {
            log.woke(Instant.now());
            running.get(suspended).resume();
            suspended = "";
        }
    }

    Duration untilWake() {
        return oneSleeps() ? Duration.between(Instant.now(), wakeAt).plusMillis(10) : Duration.ZERO;
    }

    void assertAlive() {
        running.forEach((name, process) -> {
            if (!process.isAlive()) {
                throw new AssertionError(name + " ended by itself" + report());
            }
        });
    }

    /** Waits until the condition is true. Fails if a worker has ended. */
    void await(Duration within, String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(within);
        while (!condition.getAsBoolean()) {
            assertAlive();
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("Not true within " + within + ": " + what + report());
            }
            BatchProcess.pause(Duration.ofMillis(50));
        }
    }

    /** What a person needs to see why it failed. */
    String report() {
        StringBuilder text = new StringBuilder("\nNot final in the journal:" + postgres.ask(NOT_FINAL));
        running.forEach((name, process) -> {
            text.append("\n---- ").append(name).append(process.isAlive() ? "" : ", which ended");
            text.append(name.equals(suspended) ? ", which sleeps" : "").append('\n');
            try {
                text.append(process.tail(TAIL));
            } catch (IOException e) {
                text.append("cannot be read: ").append(e.getMessage());
            }
        });
        return text.append("\n----").toString();
    }

    /** SIGTERM of all. Each exits with 0, and none logged a stack trace or personal data. */
    void terminate() throws Exception {
        running.values().forEach(BatchProcess::terminate);
        for (BatchProcess process : running.values()) {
            assertThat(process.exitCode(SOON)).as(process.output()).isZero();
        }
        for (BatchProcess process : all) {
            assertThat(process.output()).doesNotContain("\tat ", "An error of this program", "not-for-anybody");
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (BatchProcess process : all) {
            process.close();
        }
    }
}
