/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.Outcome;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A final row, for the report: texts as in the input, "" for nothing.
 *
 * @param code Ksher's code; null if there was none
 * @param calls how many calls were announced for it
 * @param others the input's other columns by their names; may be personal
 */
public record ReportedRow(
        long line,
        String operation,
        String mchOrderNo,
        String ksherOrderNo,
        String channelOrderNo,
        String channel,
        Outcome outcome,
        String detail,
        @Nullable Integer code,
        String errorCode,
        int calls,
        @Nullable Instant finishedAt,
        Map<String, String> others) {}
