/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.http.BoundedLog;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call that the simulator answered.
 *
 * @param arrived when the request had been read, by the simulator's clock
 * @param time when the call was answered, by the same clock
 * @param appId the merchant, as the request named it; empty if it named none, or was not read
 * @param operation {@code orderQuery}, {@code orderClose}, {@code gatewayQuery} or
 *     {@code gatewayCancel}
 * @param order the order's {@code mch_order_no}; if there is no such order, the number that was
 *     asked for, or empty
 * @param stateBefore the order's state before the call; null if there is no such order, or the call
 *     was not carried out
 * @param stateAfter its state after the call; null as above
 * @param code the reply's code, sent or lost; null if a fault left no reply to send
 * @param result the reply's {@code result}; null if it has none
 * @param error the reply's {@code err_code}, or why the request was refused; null if neither
 * @param fault the fault that the call met; null for none
 * @param carriedOut whether the request was accepted and worked on (a command that was answered
 *     FAIL counts too)
 */
public record CallRecord(
        Instant arrived,
        Instant time,
        String appId,
        String operation,
        String order,
        KsherOrder.@Nullable State stateBefore,
        KsherOrder.@Nullable State stateAfter,
        @Nullable Integer code,
        @Nullable String result,
        @Nullable String error,
        @Nullable FaultKind fault,
        boolean carriedOut)
        implements BoundedLog.Entry {}
