/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.Outcome;
import java.util.Map;

/**
 * How far a batch is.
 *
 * @param openRows how many of its rows are not final
 * @param outcomes how many rows have each outcome that occurs, in the order of the outcomes
 */
public record BatchProgress(BatchInfo batch, long openRows, Map<Outcome, Long> outcomes) {

    /** How many of its rows are final. */
    public long settled() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many rows came in, as of the moment when they were counted. */
    public long received() {
        return openRows + settled();
    }
}
