/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.life.Outcome;
import java.time.Instant;
import java.util.Map;

/**
 * The counts of a batch.
 *
 * @param outcomes how many rows have each outcome, in their order; only those that occur
 * @param finishedAt when the last row became final; the start if the batch has no rows
 */
public record Summary(
        String batch,
        String target,
        long rows,
        Map<Outcome, Long> outcomes,
        long calls,
        Instant startedAt,
        Instant finishedAt) {

    public static Summary of(Journal journal, BatchInfo batch) {
        Instant last = journal.reports().lastFinishedAt(batch);
        return new Summary(
                batch.name(),
                batch.target().toString(),
                batch.received(),
                journal.reports().outcomes(batch),
                journal.reports().calls(batch),
                batch.createdAt(),
                last == null ? batch.createdAt() : last);
    }

    public boolean needsPerson() {
        return outcomes.keySet().stream().anyMatch(Outcome::needsPerson);
    }

    String toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("batch", batch).put("target", target).put("rows", rows);
        ObjectNode counts = json.putObject("outcomes");
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome.name(), outcomes.getOrDefault(outcome, 0L));
        }
        json.put("calls", calls).put("started_at", startedAt.toString()).put("finished_at", finishedAt.toString());
        return json.toPrettyString() + "\n";
    }
}
