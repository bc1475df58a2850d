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

/** Why calls fail, until a good reply. Logs each reason once a minute at most. Thread-safe. */
final class LastFailure {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
    private static final Duration WARN_AGAIN_AFTER = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private @Nullable String reason;
    /** When each reason was logged last; there are few, since the texts are the library's own. */
    private final Map<String, Long> logged = new HashMap<>();

    LastFailure(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void record(Object row, Event event) {
        CallDetails details = event.details();
        if (event.isRetryableFailure() && details != null) {
            reason = details.text();
            long now = nanoTime.getAsLong();
            Long loggedAt = logged.get(reason);
            if (loggedAt == null || now - loggedAt >= WARN_AGAIN_AFTER.toNanos()) {
                LOG.warn("{}: {}; it is asked about again", row, reason);
                logged.put(reason, now);
            }
        } else if (event.isGoodReply()) {
            reason = null;
        }
    }

    /** The last failure; null after a good reply, and at first. */
    synchronized @Nullable String reason() {
        return reason;
    }
}
