/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RunStateTest {

    private final RunState state = new RunState(new WakeUp());

    @Test
    void theFirstReasonToStopStays() {
        List<String> told = new ArrayList<>();
        state.whenStopped().thenAccept(told::add);
        state.stop("on request");
        state.fail("too late");
        assertThat(state.isRunning()).isFalse();
        assertThat(state.stopped()).isEqualTo("on request");
        assertThat(told).containsExactly("on request");
        assertThat(state.hasFailed()).isTrue();
    }

    /** Without memory a log fails too. A run that then went on would claim nothing and say nothing. */
    @Test
    void itStopsEvenIfTheLogFails() {
        Logger log = (Logger) LoggerFactory.getLogger(BatchWorker.class);
        var failing = new UnsynchronizedAppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                throw new OutOfMemoryError("in the log");
            }
        };
        failing.start();
        log.addAppender(failing);
        try {
            assertThatThrownBy(() -> state.fail(new OutOfMemoryError("first"))).isInstanceOf(OutOfMemoryError.class);
        } finally {
            log.detachAppender(failing);
        }
        assertThat(state.isRunning()).isFalse();
        assertThat(state.hasFailed()).isTrue();
        assertThat(state.stopped()).contains("OutOfMemoryError");
    }
}
