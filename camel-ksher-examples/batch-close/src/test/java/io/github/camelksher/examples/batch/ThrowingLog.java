/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * The program with a log that throws in the threads and
 * for the loggers whose names contain what is asked for.
 */
final class ThrowingLog extends TurboFilter {

    private final String thread = System.getProperty("throw.thread");
    private final String logger = System.getProperty("throw.logger");
    private final boolean error = Boolean.getBoolean("throw.error");

    static List<String> options(String thread, String logger, boolean error) {
        return List.of("-Dthrow.thread=" + thread, "-Dthrow.logger=" + logger, "-Dthrow.error=" + error);
    }

    public static void main(String[] args) {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).addTurboFilter(new ThrowingLog());
        BatchClose.main(args);
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger log,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        if (Thread.currentThread().getName().contains(thread) && log.getName().startsWith(logger)) {
            if (error) {
                throw new LinkageError("PERSONAL");
            }
            throw new IllegalStateException("PERSONAL");
        }
        return FilterReply.NEUTRAL;
    }
}
