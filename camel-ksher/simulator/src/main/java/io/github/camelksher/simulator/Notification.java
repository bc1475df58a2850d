/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.http.BoundedLog;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to tell a merchant that an order was paid.
 *
 * @param time when the attempt ended, by the simulator's clock
 * @param appId the merchant
 * @param order the order's {@code mch_order_no}
 * @param url where it was sent, without user, password, query and fragment
 * @param attempt 1 for the order's first attempt, 2 for the next one, …
 * @param status the HTTP status of the answer; null if there was none
 * @param error why the attempt failed; null if the answer was the one that Ksher wants
 * @param fault what was wrong with the notification on purpose; null for nothing
 */
public record Notification(
        Instant time,
        String appId,
        String order,
        String url,
        int attempt,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable FaultKind fault)
        implements BoundedLog.Entry {

    /** Whether the merchant answered as Ksher wants; otherwise Ksher repeats the notification. */
    public boolean accepted() {
        return error == null;
    }
}
