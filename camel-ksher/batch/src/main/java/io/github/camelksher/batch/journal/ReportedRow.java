/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A final row, for the report.
 *
 * @param cells the input's cells as they came, by the names of their columns
 * @param others the input's other columns by their names; may be personal
 */
public record ReportedRow(
        long line,
        Map<String, String> cells,
        RowResult result,
        int calls,
        @Nullable Instant finishedAt,
        Map<String, String> others) {

    public Outcome outcome() {
        return result.outcome();
    }

    /** A cell as it came; "" if it is empty. */
    public String cell(String column) {
        return cells.getOrDefault(column, "");
    }
}
