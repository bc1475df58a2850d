/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.CapturedLog;
import io.github.camelksher.batch.journal.Claim;
import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * A {@link ClaimLoop} on a bench: threads that the test runs, a lease in memory and a clock that it
 * turns.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ClaimLoopCase {

    static final Duration A_SECOND = Duration.ofSeconds(1);

    final Bench bench = new Bench(32);
    final FakeLease lease = bench.lease;
    final ScriptedCalls calls = bench.calls;
    final HandExecutor threads = new HandExecutor();
    final ClaimLoop loop = bench.loop(threads);
    final CapturedLog log = new CapturedLog(BatchWorker.class);

    @AfterEach
    void nothingThatIsSaidNamesAnOrder() {
        log.close();
        assertThat(log.lines()).noneMatch(line -> line.contains("SECRET"));
        assertThat(String.valueOf(bench.state.stopped())).doesNotContain("SECRET");
    }

    void calls(int howMany, Event end) {
        for (int i = 0; i < howMany; i++) {
            calls.then(end);
        }
    }

    void hasNoRow(@Nullable Duration nextIn) {
        lease.onClaim = limit -> new Claim(List.of(), nextIn);
    }
}
