/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.batch.CapturedLog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutageTest {

    private static final SQLException AWAY = new SQLException("the connection was lost", "08006");
    /** After so many attempts a wait takes 25 s. */
    private static final int LONG_WAIT = 10;

    private final CapturedLog log = new CapturedLog(Journal.class);
    private final Outage outage = new Outage();

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aWrongStatementIsNotRepeatedAndIsNoOutage() {
        outage.setPatience(null);
        assertThat(outage.tryAgain(new SQLException("no such column", "42703"), 1))
                .isFalse();
        assertThat(outage.reason()).isNull();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aConflictIsRepeatedWithoutPatienceButNotAHundredTimes() {
        SQLException conflict = new SQLException("deadlock", "40P01");
        assertThat(outage.tryAgain(conflict, 1)).isTrue();
        assertThat(outage.tryAgain(conflict, 99)).isTrue();
        assertThat(outage.tryAgain(conflict, 100)).isFalse();
        assertThat(outage.reason()).isNull();
    }

    @Test
    void withoutPatienceWorkFailsAndTheNextIsTriedAllTheSame() {
        assertThat(outage.tryAgain(AWAY, 1)).isFalse();
        assertThat(outage.reason()).isEqualTo("08006: the connection was lost");
        assertThatCode(outage::check).doesNotThrowAnyException();
    }

    @Test
    void whileThePatienceLastsWorkIsRepeated() {
        outage.setPatience(Duration.ofHours(1));
        assertThat(outage.tryAgain(AWAY, 1)).isTrue();
        assertThat(outage.tryAgain(AWAY, 2)).isTrue();
        assertThat(outage.reason()).isNotNull();
        assertThatCode(outage::check).doesNotThrowAnyException();
        outage.isOver();
        assertThat(outage.reason()).isNull();
    }

    @Test
    void oncePatienceIsOverOtherWorkFailsAtOnceUntilTheJournalCanBeUsedAgain() {
        outage.setPatience(Duration.ofNanos(1));
        assertThat(outage.tryAgain(AWAY, 1)).isFalse();
        assertThatThrownBy(outage::check).isSameAs(AWAY);
        outage.isOver();
        assertThatCode(outage::check).doesNotThrowAnyException();
    }

    @Test
    void aWaitEndsWhenThePatienceIsTakenAway() {
        outage.setPatience(null);
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> outage.tryAgain(AWAY, LONG_WAIT));
        while (outage.reason() == null) {
            Thread.onSpinWait();
        }
        outage.setPatience(Duration.ZERO);
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
    }

    @Test
    void anInterruptEndsAWaitAndIsNotForgotten() {
        outage.setPatience(null);
        Thread.currentThread().interrupt();
        assertThat(outage.tryAgain(AWAY, LONG_WAIT)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void eachReasonIsLoggedOnceAndSoIsItsEnd() {
        outage.setPatience(Duration.ofHours(1));
        outage.tryAgain(AWAY, 1);
        outage.tryAgain(AWAY, 1);
        outage.tryAgain(new SQLException("the disk is full", "53100"), 1);
        outage.isOver();
        outage.isOver();
        assertThat(log.lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("08006: the connection was lost"),
                        line -> assertThat(line).contains("53100: the disk is full"),
                        line -> assertThat(line).contains("can be used again"));
    }
}
