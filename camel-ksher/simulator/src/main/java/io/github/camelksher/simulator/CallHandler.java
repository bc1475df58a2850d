/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.Answers.Answer;
import io.github.camelksher.simulator.Faults.Wait;
import io.github.camelksher.simulator.RequestCheck.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/** The four calls: read, meet a fault perhaps, wait perhaps, check, carry out, write down, answer. */
final class CallHandler extends Handler.Abstract {

    private static final String JSON = "application/json";
    private static final int MAX_FORM = 65_536;
    private static final int MAX_UNKNOWN = 100_000;

    private static final byte[] PAGE =
            "<html><body><h1>Service is busy</h1></body></html>".getBytes(StandardCharsets.UTF_8);

    /** A call that has been read and waits for its answer. */
    private record Visit(
            Operation operation,
            String appId,
            String number,
            Map<String, String> form,
            boolean withV2,
            Instant arrived,
            Sender sender) {}

    private final RequestCheck check;
    private final Answers answers;
    private final ReplyWriter writer;
    private final Faults faults;
    private final Journal<Call> journal;
    private final Port port;
    private final ScheduledExecutorService scheduler;
    private final InstantSource clock;
    /** Of numbers that no order has; for {@link Faults#pick}. */
    private final Map<String, AtomicInteger> callsWithoutOrder = new ConcurrentHashMap<>();

    CallHandler(
            RequestCheck check,
            Answers answers,
            ReplyWriter writer,
            Faults faults,
            Journal<Call> journal,
            Port port,
            ScheduledExecutorService scheduler,
            InstantSource clock) {
        this.check = check;
        this.answers = answers;
        this.writer = writer;
        this.faults = faults;
        this.journal = journal;
        this.port = port;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Operation operation = Operation.ofPath(Request.getPathInContext(request));
        if (operation == null) {
            return false;
        }
        Sender sender = new Sender(request, response, callback, scheduler);
        if (port.isClosed()) {
            Instant now = clock.instant();
            note(new Visit(operation, "", "", Map.of(), false, now, sender), null, null, null, Fault.Kind.REFUSED);
            sender.cut();
            return true;
        }
        boolean withV2 = "V2".equals(request.getHeaders().get("ksher-sign-version"));
        String method = request.getMethod();
        if (method.equals("GET") && !check.isStrict()) {
            String query = request.getHttpURI().getQuery();
            byte[] form = query == null ? new byte[0] : query.getBytes(StandardCharsets.UTF_8);
            run(sender, () -> read(operation, ByteBuffer.wrap(form), withV2, sender));
            return true;
        }
        if (!method.equals("POST")) {
            String allowed = check.isStrict() ? "POST" : "GET, POST";
            response.getHeaders().put(HttpHeader.ALLOW, allowed);
            sender.send(405, "text/plain", (allowed + " only").getBytes(StandardCharsets.UTF_8));
            return true;
        }
        Content.Source.asByteBuffer(request, new Promise<>() {
            @Override
            public void succeeded(ByteBuffer body) {
                run(sender, () -> read(operation, body, withV2, sender));
            }

            @Override
            public void failed(Throwable failure) {
                callback.failed(failure);
            }
        });
        return true;
    }

    void reset() {
        callsWithoutOrder.clear();
    }

    private int callWithoutOrder(Operation operation, String appId, String number) {
        if (callsWithoutOrder.size() >= MAX_UNKNOWN) {
            callsWithoutOrder.clear();
        }
        return callsWithoutOrder
                .computeIfAbsent(operation.text + ' ' + appId + ' ' + number, first -> new AtomicInteger())
                .getAndIncrement();
    }

    private void read(Operation operation, ByteBuffer body, boolean withV2, Sender sender) {
        Instant arrived = clock.instant();
        if (body.remaining() > MAX_FORM) {
            sender.send(413, "text/plain", "form too large".getBytes(StandardCharsets.UTF_8));
            return;
        }
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        Map<String, String> form;
        try {
            form = Form.parse(bytes);
        } catch (IllegalArgumentException e) {
            sender.send(400, "text/plain", "broken form".getBytes(StandardCharsets.UTF_8));
            return;
        }
        LiveOrder order = answers.find(operation, form);
        String appId = form.getOrDefault("appid", "");
        String number = order == null ? number(form) : order.mchOrderNo();
        int before = order == null ? callWithoutOrder(operation, appId, number) : order.nextCall(operation);
        meet(new Visit(operation, appId, number, form, withV2, arrived, sender), before);
    }

    private void meet(Visit visit, int callsBefore) {
        Fault picked = faults.pick(visit.operation, visit.number, callsBefore);
        Fault fault = picked != null && answers.concerns(picked, visit.operation) ? picked : null;
        Wait wait = faults.pickWait(visit.operation, visit.number, callsBefore).plus(fault);
        // Also if the caller is gone by then: a server that has read a request carries it out.
        later(wait.before(), visit.sender, () -> {
            if (fault == null || fault.carriedOut || fault.kind == Fault.Kind.DELAY) {
                carryOut(visit, fault, wait.after());
            } else {
                answer(visit, null, null, fault, wait.after());
            }
        });
    }

    private void carryOut(Visit visit, @Nullable Fault fault, long nanosAfter) {
        Refusal refusal = check.refusal(visit.form);
        Answer answer = refusal == null
                ? answers.answer(visit.operation, visit.form)
                : new Answer(Reply.refused(visit.operation, refusal.code()), null, null);
        Fault met = fault != null && ReplyWriter.touches(fault.kind, answer.reply()) ? fault : null;
        answer(visit, answer, refusal, met, nanosAfter);
    }

    private void answer(
            Visit visit, @Nullable Answer answer, @Nullable Refusal refusal, @Nullable Fault fault, long nanosAfter) {
        Reply truth = answer == null ? null : answer.reply();
        Reply reply = Answers.told(visit.operation, visit.form, truth, fault);
        Fault.Kind kind = fault == null ? null : fault.kind;
        later(nanosAfter, visit.sender, () -> {
            // First the journal: whoever has the reply may look there.
            note(visit, answer, refusal, reply, kind);
            byte[] bytes = reply == null ? new byte[0] : writer.write(reply, visit.withV2, kind);
            send(bytes, fault, visit.sender);
        });
    }

    private void send(byte[] reply, @Nullable Fault fault, Sender sender) {
        if (fault == null) {
            sender.send(200, JSON, reply);
            return;
        }
        switch (fault.kind) {
            case REFUSED -> refuse(fault, sender);
            case LOST_REQUEST, LOST_REPLY -> sender.cut();
            case STATUS -> {
                if (fault.retryAfter != null) {
                    sender.response().getHeaders().put(HttpHeader.RETRY_AFTER, fault.retryAfter.toSeconds());
                }
                sender.send(fault.code, "text/plain", ("simulated " + fault.code).getBytes(StandardCharsets.UTF_8));
            }
            case HTML -> sender.send(200, "text/html; charset=utf-8", PAGE);
            case TRICKLE -> sender.trickle(JSON, reply, fault.millis);
            default -> sender.send(200, JSON, reply);
        }
    }

    private void refuse(Fault fault, Sender sender) {
        // First the port, then the connection: a caller that tries again at once must be refused.
        scheduler.execute(() -> port.closeFor(fault.millis, sender::cut));
    }

    /** On one of Jetty's threads, so that a slow signature holds up no other timer. */
    @SuppressWarnings("FutureReturnValueIgnored") // the task ends by answering the call, whatever happens
    private void later(long nanos, Sender sender, Runnable task) {
        if (nanos == 0) {
            task.run();
        } else {
            Runnable onJetty = () -> getServer().getThreadPool().execute(() -> run(sender, task));
            scheduler.schedule(onJetty, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private static void run(Sender sender, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            sender.callback().failed(e);
        }
    }

    private void note(
            Visit visit,
            @Nullable Answer answer,
            @Nullable Refusal refusal,
            @Nullable Reply reply,
            Fault.@Nullable Kind fault) {
        journal.add(new Call(
                visit.arrived,
                clock.instant(),
                visit.appId,
                visit.operation.text,
                visit.number,
                answer == null ? null : answer.before(),
                answer == null ? null : answer.after(),
                reply == null ? null : (Integer) reply.code(),
                reply == null ? null : reply.result(),
                refusal != null ? refusal.reason() : reply == null ? null : reply.error(),
                fault,
                answer != null && refusal == null));
    }

    private static String number(Map<String, String> form) {
        for (String name : new String[] {"mch_order_no", "ksher_order_no", "channel_order_no"}) {
            String value = form.getOrDefault(name, "");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }
}
