/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.CapturedLog;
import io.github.camelksher.batch.journal.Save;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.RowResult;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * A {@link RowWorker} on a bench: scripted calls, a lease in memory and a clock that the test
 * turns.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class RowWorkerCase {

    static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    final Bench bench = new Bench();
    final FakeLease lease = bench.lease;
    final ScriptedCalls calls = bench.calls;
    final RowWorker worker = bench.rowWorker;
    final CapturedLog log = new CapturedLog(BatchWorker.class);

    @AfterEach
    void nothingThatIsSaidNamesAnOrder() {
        log.close();
        assertThat(log.lines()).noneMatch(line -> line.contains("SECRET"));
        assertThat(String.valueOf(bench.state.stopped())).doesNotContain("SECRET");
    }

    static RowResult result(Save save) {
        return Objects.requireNonNull(save.result(), "the row is not final");
    }

    /** The worker stops while what comes next is under way. */
    Event stopping(Event end) {
        bench.state.stop("Ctrl-C");
        return end;
    }

    static void assertNoCommandIsLeftIn(Save save) {
        assertThat(save.delay()).isNotNull();
        assertThat(save.row().life().phase()).isEqualTo(Phase.ASKING);
        assertThat(save.row().life().commands().sent()).isZero();
        assertThat(save.row().calls()).as("the query's only").isEqualTo(1);
    }
}
