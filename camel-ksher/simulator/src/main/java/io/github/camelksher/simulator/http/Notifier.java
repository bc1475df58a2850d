/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.Notification;
import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.order.LiveOrder;
import io.github.camelksher.simulator.order.NotifyUrl;
import io.github.camelksher.simulator.protocol.ReplyWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Tells merchants of paid orders, and repeats it as Ksher does until they accept it. */
public final class Notifier {

    /** Ksher's pauses; a query interval below {@link #KSHERS_INTERVAL} shortens them as well. */
    public static final List<Duration> PAUSES = LongStream.of(
                    1, 2, 2, 10, 30, 60, 600, 3600, 3 * 3600, 5 * 3600, 8 * 3600, 12 * 3600)
            .mapToObj(Duration::ofSeconds)
            .toList();

    public static final Duration KSHERS_INTERVAL = Duration.ofSeconds(10);

    /** A notification that waits for its thread, or has it. */
    private record Sending(Supplier<Notification> delivery, CompletableFuture<Notification> answer)
            implements Runnable {
        @Override
        public void run() {
            try {
                answer.complete(delivery.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }
    }

    private static final int LOG_SIZE = 100_000;
    private static final int THREADS = 8;
    private static final long ANSWER_WITHIN_SECONDS = 10;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final JsonNode WANTED =
            JSON.createObjectNode().put("result", "SUCCESS").put("msg", "OK");

    private final ReplyWriter writer;
    private final double scale;
    private final @Nullable URI urlForAll;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final BoundedLog<Notification> log = new BoundedLog<>(LOG_SIZE);
    private final Map<LiveOrder, PaymentNotice> notices = new ConcurrentHashMap<>();
    private @Nullable HttpClient http;
    private ExecutorService senders = senders();
    /** What began before the last reset is not to go on. */
    private long generation;

    private boolean closed;

    public Notifier(
            ReplyWriter writer,
            Duration queryInterval,
            @Nullable URI urlForAll,
            InstantSource clock,
            ScheduledExecutorService timer) {
        this.writer = writer;
        this.scale = queryInterval.toNanos() / (double) KSHERS_INTERVAL.toNanos();
        this.urlForAll = urlForAll;
        this.clock = clock;
        this.timer = timer;
    }

    public BoundedLog<Notification> log() {
        return log;
    }

    /** Begins to notify the merchant, if the order or the simulator has a URL for it. */
    public void paid(String appId, LiveOrder order) {
        if (urlOf(order, null) != null) {
            attempt(appId, order, 0, generation());
        }
    }

    /** One notification, whose answer the future holds; {@code url} null is the order's own. */
    public CompletableFuture<Notification> send(
            String appId, LiveOrder order, @Nullable URI url, @Nullable FaultKind fault) {
        return send(appId, order, url, fault, generation());
    }

    private CompletableFuture<Notification> send(
            String appId, LiveOrder order, @Nullable URI url, @Nullable FaultKind fault, long mine) {
        if (fault != null && !fault.forgesNotifications()) {
            throw new IllegalArgumentException("a notification cannot have " + fault + ": one of "
                    + Arrays.stream(FaultKind.values())
                            .filter(FaultKind::forgesNotifications)
                            .toList());
        }
        URI target = urlOf(order, url);
        if (target == null) {
            throw new IllegalStateException("order " + order.peek().mchOrderNo() + " has no notify_url");
        }
        return submit(notice(appId, order), target, fault, mine);
    }

    /** The order's notice, which is made once: a later refund does not change it. */
    private PaymentNotice notice(String appId, LiveOrder order) {
        KsherOrder paid = order.paid();
        return notices.computeIfAbsent(order, first -> new PaymentNotice(appId, paid, writer));
    }

    private @Nullable URI urlOf(LiveOrder order, @Nullable URI url) {
        if (url != null) {
            return url;
        }
        URI own = order.peek().notifyUrl();
        return own != null ? own : urlForAll;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the next attempt follows from the end of this one
    private void attempt(String appId, LiveOrder order, int pauses, long mine) {
        send(appId, order, null, null, mine).thenAccept(done -> {
            if (!done.accepted() && pauses < PAUSES.size()) {
                long nanos = (long) (PAUSES.get(pauses).toNanos() * scale);
                timer.schedule(() -> attempt(appId, order, pauses + 1, mine), nanos, TimeUnit.NANOSECONDS);
            }
        });
    }

    private synchronized long generation() {
        return generation;
    }

    private synchronized void note(Notification done, long mine) {
        if (mine == generation) {
            log.add(done);
        }
    }

    private synchronized CompletableFuture<Notification> submit(
            PaymentNotice notice, URI url, @Nullable FaultKind fault, long mine) {
        if (closed || mine != generation) {
            return CompletableFuture.failedFuture(new CancellationException("the simulator was reset or closed"));
        }
        if (http == null) {
            http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        }
        HttpClient client = http;
        Sending sending = new Sending(() -> deliver(client, notice, url, fault, mine), new CompletableFuture<>());
        senders.execute(sending);
        return sending.answer;
    }

    private Notification deliver(
            HttpClient client, PaymentNotice notice, URI url, @Nullable FaultKind fault, long mine) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "text/plain;charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(notice.bytes(fault)))
                .build();
        int attempt = notice.nextAttempt();
        Integer status = null;
        String error;
        Future<HttpResponse<byte[]>> answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            HttpResponse<byte[]> received = answer.get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
            status = received.statusCode();
            error = status != 200 ? "status is not 200" : isWanted(received.body()) ? null : "answer is not " + WANTED;
        } catch (TimeoutException e) {
            error = "no answer within " + ANSWER_WITHIN_SECONDS + " s";
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            error = "no answer: " + cause.getClass().getSimpleName();
        } catch (InterruptedException e) {
            throw new CancellationException("the simulator was reset or closed");
        } finally {
            answer.cancel(true);
        }
        Notification done = new Notification(
                clock.instant(), notice.appId, notice.order, NotifyUrl.shown(url), attempt, status, error, fault);
        note(done, mine);
        return done;
    }

    private static boolean isWanted(byte[] answer) {
        try {
            return WANTED.equals(JSON.readTree(answer));
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends all that is under way, and forgets what was. */
    public void reset() {
        stop(false);
    }

    public void close() {
        stop(true);
    }

    private void stop(boolean forGood) {
        List<Runnable> notBegun;
        synchronized (this) {
            generation++;
            closed |= forGood;
            log.clear();
            notices.clear();
            notBegun = senders.shutdownNow();
            senders = senders();
        }
        // A caller of notifyNow would wait for ever.
        notBegun.forEach(sending -> ((Sending) sending).answer.cancel(true));
    }

    private static ExecutorService senders() {
        // The pool starts its threads with the first notification.
        return Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "ksher-simulator-notifier");
            thread.setDaemon(true);
            return thread;
        });
    }
}
