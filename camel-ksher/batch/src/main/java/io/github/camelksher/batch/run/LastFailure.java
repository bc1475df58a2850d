/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why calls fail, from the first one that does until a good reply. Said once a minute for the same reason. Thread-safe. */
final class LastFailure {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
    private static final Duration WARN_AGAIN_AFTER = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private @Nullable String reason;
    /** When which reason was said last; there are not many, since they are words of ours. */
    private final Map<String, Long> said = new HashMap<>();

    /** @param nanoTime as {@link System#nanoTime} */
    LastFailure(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A call for a row ended like this. */
    synchronized void record(Object row, Event event) {
        CallDetails details = event.details();
        if (event.isRetryableFailure() && details != null) {
            reason = details.text();
            long now = nanoTime.getAsLong();
            Long saidAt = said.get(reason);
            if (saidAt == null || now - saidAt >= WARN_AGAIN_AFTER.toNanos()) {
                LOG.warn("{}: {}; it is asked about again", row, reason);
                said.put(reason, now);
            }
        } else if (event.isGoodReply()) {
            reason = null;
        }
    }

    /** Null if the latest reply was good, or there was none. */
    synchronized @Nullable String reason() {
        return reason;
    }
}
