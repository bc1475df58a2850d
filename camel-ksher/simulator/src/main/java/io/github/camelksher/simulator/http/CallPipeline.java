/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.fault.FaultKind.Wait;
import io.github.camelksher.simulator.order.LiveOrder;
import io.github.camelksher.simulator.protocol.ApiCall;
import io.github.camelksher.simulator.protocol.ApiRequest;
import io.github.camelksher.simulator.protocol.OrderService;
import io.github.camelksher.simulator.protocol.OrderService.Execution;
import io.github.camelksher.simulator.protocol.ReplyWriter;
import io.github.camelksher.simulator.protocol.ReplyWriter.Distortion;
import io.github.camelksher.simulator.protocol.UnsignedReply;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Takes a request through its fault, its wait, its execution and the log to its answer. */
public final class CallPipeline {

    private static final int MAX_UNKNOWN = 100_000;

    /** A request on its way; {@code orderNo} is the number that the log shows. */
    private record Pending(ApiRequest request, String appId, String orderNo, Instant arrived, HttpCaller caller) {}

    private final OrderService service;
    private final ReplyWriter writer;
    private final Faults faults;
    private final BoundedLog<CallRecord> log;
    private final InstantSource clock;
    /** Calls for numbers that no order has; for {@link Faults#pick}. */
    private final Map<String, AtomicInteger> callsWithoutOrder = new ConcurrentHashMap<>();

    public CallPipeline(
            OrderService service, ReplyWriter writer, Faults faults, BoundedLog<CallRecord> log, InstantSource clock) {
        this.service = service;
        this.writer = writer;
        this.faults = faults;
        this.log = log;
        this.clock = clock;
    }

    /** Logs and cuts a call that came by an open connection while the port was closed. */
    void refuseUnread(ApiCall call, HttpCaller caller) {
        ApiRequest unread = new ApiRequest(call, Map.of(), false);
        log(new Pending(unread, "", "", clock.instant(), caller), null, null, FaultKind.REFUSED);
        caller.cut();
    }

    void begin(ApiRequest request, HttpCaller caller) {
        Instant arrived = clock.instant();
        ApiCall call = request.call();
        LiveOrder order = service.find(request);
        String appId = service.appId(request);
        String orderNo = order == null ? request.orderNumber() : order.peek().mchOrderNo();
        int callsBefore = order == null ? callWithoutOrder(call, appId, orderNo) : order.nextCall(call.operation);
        Fault picked = faults.pick(call, orderNo, callsBefore);
        Fault fault = picked != null && picked.kind().concerns(call, service) ? picked : null;
        Wait latency = faults.pickWait(call, orderNo, callsBefore);
        Wait wait = fault == null ? latency : latency.plus(fault.kind().delay(fault));
        Pending pending = new Pending(request, appId, orderNo, arrived, caller);
        // Without a look at the caller: a server carries out what it has read.
        caller.later(wait.before(), () -> {
            Execution execution = fault == null || fault.kind().carriesOut(fault) ? service.execute(request) : null;
            boolean noEffect =
                    fault != null && execution != null && !fault.kind().changes(execution.reply());
            answer(pending, execution, noEffect ? null : fault, wait.after());
        });
    }

    /** Forgets how many calls there were. */
    public void reset() {
        callsWithoutOrder.clear();
    }

    private int callWithoutOrder(ApiCall call, String appId, String number) {
        if (callsWithoutOrder.size() >= MAX_UNKNOWN) {
            callsWithoutOrder.clear();
        }
        return callsWithoutOrder
                .computeIfAbsent(call.operation + ' ' + appId + ' ' + number, first -> new AtomicInteger())
                .getAndIncrement();
    }

    private void answer(Pending pending, @Nullable Execution execution, @Nullable Fault fault, long nanos) {
        ApiRequest request = pending.request;
        UnsignedReply truth = execution == null ? null : execution.reply();
        UnsignedReply reply = fault == null ? truth : fault.kind().replace(fault, request, truth);
        FaultKind kind = fault == null ? null : fault.kind();
        pending.caller.later(nanos, () -> {
            // The log first: a caller who has the reply may look there.
            log(pending, execution, reply, kind);
            byte[] bytes = reply == null
                    ? new byte[0]
                    : writer.write(reply, request.withV2(), kind == null ? Distortion.NONE : kind);
            if (fault == null) {
                pending.caller.reply(bytes);
            } else {
                fault.kind().send(fault, bytes, pending.caller);
            }
        });
    }

    private void log(
            Pending pending, @Nullable Execution execution, @Nullable UnsignedReply reply, @Nullable FaultKind fault) {
        String refusal = execution == null ? null : execution.refusal();
        log.add(new CallRecord(
                pending.arrived,
                clock.instant(),
                pending.appId,
                pending.request.call().operation,
                pending.orderNo,
                execution == null ? null : execution.before(),
                execution == null ? null : execution.after(),
                reply == null ? null : (Integer) reply.code(),
                reply == null ? null : reply.result(),
                refusal != null ? refusal : reply == null ? null : reply.error(),
                fault,
                execution != null && refusal == null));
    }
}
