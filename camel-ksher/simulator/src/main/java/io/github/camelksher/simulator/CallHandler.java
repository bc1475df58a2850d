/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.Answers.Answer;
import io.github.camelksher.simulator.RequestCheck.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

/** The four calls: read, meet a fault perhaps, check, carry out, write down, answer. */
final class CallHandler extends Handler.Abstract {

    private static final String JSON = "application/json";
    private static final int MAX_FORM = 65_536;
    private static final int MAX_UNKNOWN = 100_000;

    private final RequestCheck check;
    private final Answers answers;
    private final ReplyWriter writer;
    private final Faults faults;
    private final Journal journal;
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
            Journal journal,
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
        if (!request.getMethod().equals("POST")) {
            response.getHeaders().put(HttpHeader.ALLOW, "POST");
            sender.send(405, "text/plain", "POST only".getBytes(StandardCharsets.UTF_8));
            return true;
        }
        if (port.isClosed()) {
            note(operation, "", null, null, Fault.Kind.REFUSED, null);
            sender.cut();
            return true;
        }
        boolean withV2 = "V2".equals(request.getHeaders().get("ksher-sign-version"));
        Content.Source.asByteBuffer(request, new Promise<>() {
            @Override
            public void succeeded(ByteBuffer body) {
                try {
                    if (body.remaining() > MAX_FORM) {
                        sender.send(413, "text/plain", "form too large".getBytes(StandardCharsets.UTF_8));
                        return;
                    }
                    byte[] form = new byte[body.remaining()];
                    body.get(form);
                    meet(operation, Form.parse(form), withV2, sender);
                } catch (IllegalArgumentException e) {
                    sender.send(400, "text/plain", "broken form".getBytes(StandardCharsets.UTF_8));
                } catch (RuntimeException e) {
                    callback.failed(e);
                }
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

    private int callWithoutOrder(Operation operation, String number) {
        if (callsWithoutOrder.size() >= MAX_UNKNOWN) {
            callsWithoutOrder.clear();
        }
        return callsWithoutOrder
                .computeIfAbsent(operation.text + ' ' + number, first -> new AtomicInteger())
                .getAndIncrement();
    }

    private void meet(Operation operation, Map<String, String> form, boolean withV2, Sender sender) {
        LiveOrder order = answers.find(operation, form);
        String number = order == null ? number(form) : order.mchOrderNo();
        int before = order == null ? callWithoutOrder(operation, number) : order.nextCall(operation);
        Fault fault = faults.pick(operation, number, before);
        Runnable goOn = () -> carryOut(operation, form, number, fault, withV2, sender);
        if (fault == null || fault.carriedOut) {
            goOn.run();
        } else if (fault.kind == Fault.Kind.DELAY) {
            later(fault.millis, goOn);
        } else {
            note(operation, number, null, null, fault.kind, null);
            if (fault.kind == Fault.Kind.REFUSED) {
                refuse(fault, sender);
            } else {
                fail(fault, sender);
            }
        }
    }

    private void carryOut(
            Operation operation,
            Map<String, String> form,
            String number,
            @Nullable Fault fault,
            boolean withV2,
            Sender sender) {
        Refusal refusal = check.refusal(form);
        Answer answer = refusal == null
                ? answers.answer(operation, form)
                : new Answer(Reply.refused(operation, refusal.code()), null, null);
        Reply reply = answer.reply();
        Fault.Kind kind = fault != null && ReplyWriter.touches(fault.kind, reply) ? fault.kind : null;
        note(operation, number, answer, refusal, kind, reply);
        if (fault == null || kind == null) {
            sender.send(200, JSON, writer.write(reply, withV2, null));
            return;
        }
        switch (fault.kind) {
            case LOST_REPLY, STATUS, HTML -> fail(fault, sender);
            case TRICKLE -> sender.trickle(JSON, writer.write(reply, withV2, null), fault.millis);
            case DELAY -> {
                byte[] bytes = writer.write(reply, withV2, null);
                later(fault.carriedOut ? fault.millis : 0, () -> sender.send(200, JSON, bytes));
            }
            default -> sender.send(200, JSON, writer.write(reply, withV2, fault.kind));
        }
    }

    private static void fail(Fault fault, Sender sender) {
        if (fault.kind == Fault.Kind.STATUS) {
            if (fault.retryAfter != null) {
                sender.response().getHeaders().put(HttpHeader.RETRY_AFTER, fault.retryAfter.toSeconds());
            }
            sender.send(fault.status, "text/plain", ("simulated " + fault.status).getBytes(StandardCharsets.UTF_8));
        } else if (fault.kind == Fault.Kind.HTML) {
            byte[] page = "<html><body><h1>Service is busy</h1></body></html>".getBytes(StandardCharsets.UTF_8);
            sender.send(200, "text/html; charset=utf-8", page);
        } else {
            sender.cut();
        }
    }

    private void refuse(Fault fault, Sender sender) {
        // First the port, then the connection: a caller that tries again at once must be refused.
        scheduler.execute(() -> port.closeFor(fault.millis, sender::cut));
    }

    /** On one of Jetty's threads, so that a slow signature holds up no other timer. */
    @SuppressWarnings("FutureReturnValueIgnored") // the task ends by answering the call, whatever happens
    private void later(long millis, Runnable task) {
        if (millis == 0) {
            task.run();
        } else {
            scheduler.schedule(() -> getServer().getThreadPool().execute(task), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void note(
            Operation operation,
            String number,
            @Nullable Answer answer,
            @Nullable Refusal refusal,
            Fault.@Nullable Kind fault,
            @Nullable Reply reply) {
        journal.add(new Call(
                clock.instant(),
                operation.text,
                number,
                answer == null ? null : answer.before(),
                answer == null ? null : answer.after(),
                reply == null ? null : (Integer) reply.code(),
                reply == null ? null : reply.result(),
                refusal != null ? refusal.reason() : reply == null ? null : reply.error(),
                fault,
                reply != null && refusal == null));
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
