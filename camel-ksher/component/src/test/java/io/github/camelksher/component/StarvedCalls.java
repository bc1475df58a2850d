/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.error.KsherException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A process with little memory and small stacks that makes calls while it has none left, for a
 * moment, again and again, and checks after each moment that everything promised holds. Prints what
 * it claims of each order, for {@link StarvationTest} to compare with what the server saw.
 */
final class StarvedCalls {

    /** What is exhausted. */
    private enum Misery {
        HEAP,
        DIRECT_MEMORY,
        STACK
    }

    static final int MERCHANTS = 10;
    private static final int CONNECTIONS = 4;
    private static final int CALLERS = 12;
    private static final long MOMENT_MILLIS = 400;

    private final CamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;
    private final KsherComponent component = new KsherComponent();
    private final Random random;
    private final AtomicInteger orders = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder raw = new LongAdder();
    private volatile boolean starving;

    private StarvedCalls(int port, String ksherKey, long seed) {
        this.random = new Random(seed);
        component.setMaxConnections(CONNECTIONS);
        component.getConfiguration().setPrivateKey("classpath:keys/pkcs1.pem");
        component.getConfiguration().setKsherPublicKey(ksherKey);
        component.getConfiguration().setApiUrl("http://127.0.0.1:" + port + "/KsherPay");
        context.addComponent("ksher", component);
        context.start();
        HealthCheckRepository producers =
                HealthCheckHelper.getHealthCheckRepository(context, "producers", HealthCheckRepository.class);
        producers.setEnabled(true);
        template = context.createProducerTemplate();
    }

    /** Port and key of the server, the seed, and the number of rounds. */
    public static void main(String[] args) throws Exception {
        long seed = Long.parseLong(args[2]);
        StarvedCalls calls = new StarvedCalls(Integer.parseInt(args[0]), args[1], seed);
        try {
            calls.warmUp();
            int rounds = Integer.parseInt(args[3]);
            for (int round = 0; round < rounds; round++) {
                calls.starve(Misery.values()[round % Misery.values().length]);
                calls.checkPromises(round);
            }
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            System.out.println("BROKEN");
            System.exit(1);
        }
        System.out.println("DONE");
        System.exit(0);
    }

    private Exchange call(String operation, String options, String order) {
        String merchant = "mch" + Math.floorMod(order.hashCode(), MERCHANTS);
        return template.request("ksher:" + operation + "?appId=" + merchant + options, exchange -> exchange.getMessage()
                .setHeader(KsherConstants.MCH_ORDER_NO, order));
    }

    /** Java never repairs a class whose first use failed for lack of memory. */
    private void warmUp() {
        for (int i = 0; i < 300; i++) {
            claim("warm-" + i, call("orderClose", "", "warm-" + i));
            claim("BIG-warm-" + i, call("orderClose", "", "BIG-warm-" + i));
        }
        claim("SILENT-warm", call("orderClose", "&responseTimeout=100", "SILENT-warm"));
        claim("TRICKLE-warm", call("orderClose", "&callTimeout=200", "TRICKLE-warm"));
        claim("CUT-warm", call("orderClose", "", "CUT-warm"));
    }

    private void starve(Misery misery) throws Exception {
        starving = true;
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            long seed = random.nextLong();
            Thread caller = new Thread(null, () -> callUntilTheEnd(misery, new Random(seed)), "caller-" + i, 0);
            callers.add(caller);
            caller.start();
        }
        CountDownLatch end = new CountDownLatch(1);
        Thread timer = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(MOMENT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            starving = false;
            end.countDown();
        });
        timer.start();
        while (starving) {
            try {
                hoard(misery, end);
            } catch (OutOfMemoryError e) {
                // It takes nothing then.
            }
        }
        timer.join();
        for (Thread caller : callers) {
            caller.join();
        }
    }

    /** Takes all there is, holds it for a while, and releases it. */
    private static void hoard(Misery misery, CountDownLatch end) throws InterruptedException {
        List<Object> hoard = new ArrayList<>(4_000_000 / 64);
        if (misery != Misery.STACK) {
            for (int size = 65_536; size >= 16; size /= 8) {
                try {
                    while (true) {
                        hoard.add(misery == Misery.HEAP ? new byte[size] : ByteBuffer.allocateDirect(size));
                    }
                } catch (OutOfMemoryError e) {
                    // Nothing is left now.
                }
            }
        }
        end.await(20, TimeUnit.MILLISECONDS);
        hoard.clear();
        end.await(5, TimeUnit.MILLISECONDS);
    }

    private void callUntilTheEnd(Misery misery, Random dice) {
        while (starving) {
            try {
                if (misery == Misery.STACK) {
                    callNearTheEndOfTheStack(dice.nextInt(2_000), dice);
                } else {
                    callOnce(dice);
                }
            } catch (Throwable e) {
                // There was no memory even to record it.
                raw.increment();
            }
        }
    }

    /**
     * Descends until the stack is full, and calls after so many frames were left; returns how many.
     */
    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private int callNearTheEndOfTheStack(int room, Random dice) {
        int up;
        try {
            up = callNearTheEndOfTheStack(room, dice);
        } catch (StackOverflowError e) {
            up = 0;
        }
        if (up == room) {
            callOnce(dice);
        }
        return up + 1;
    }

    private void callOnce(Random dice) {
        String order = (dice.nextInt(4) == 0 ? "BIG-" : "A-") + orders.incrementAndGet();
        claim(order, call(dice.nextInt(3) == 0 ? "orderQuery" : "orderClose", "", order));
    }

    private void claim(String order, Exchange exchange) {
        Throwable failure = exchange.getException();
        if (failure == null) {
            answered.increment();
            print("ANSWERED ", order);
        } else if (failure instanceof KsherException known) {
            failed.increment();
            if (known.getMessage().contains("Nothing was sent") && !known.isOutcomeUnknown()) {
                print("UNSENT ", order);
            }
        } else {
            raw.increment();
            if (starving) {
                print("RAW ", failure.getClass().getName());
            }
        }
    }

    private static void print(String claim, String order) {
        synchronized (System.out) {
            System.out.print(claim);
            System.out.println(order);
        }
    }

    private void checkPromises(int round) throws Exception {
        for (int i = 0; i < 3 * MERCHANTS; i++) {
            String order = "after-" + round + "-" + i;
            Exchange exchange = call("orderClose", "", order);
            require(exchange.getException() == null, "all merchants can call: " + exchange.getException());
            claim(order, exchange);
        }
        CountDownLatch done = new CountDownLatch(CONNECTIONS);
        AtomicInteger slow = new AtomicInteger();
        for (int i = 0; i < CONNECTIONS; i++) {
            String order = "SLOW-" + round + "-" + i;
            new Thread(() -> {
                        slow.addAndGet(
                                call("orderClose", "&callTimeout=8s", order).getException() == null ? 1 : 0);
                        done.countDown();
                    })
                    .start();
        }
        require(done.await(20, TimeUnit.SECONDS) && slow.get() == CONNECTIONS, "all connections can be used at once");
        Throwable silent =
                call("orderClose", "&responseTimeout=200", "SILENT-" + round).getException();
        require(silent != null && silent.getMessage().contains("responseTimeout of 200 ms"), "silence: " + silent);
        Throwable trickle =
                call("orderClose", "&callTimeout=400", "TRICKLE-" + round).getException();
        require(trickle != null && trickle.getMessage().contains("callTimeout of 400 ms"), "deadline: " + trickle);
        require(
                component.http().state().pending() == 0,
                "nobody waits: " + component.http().state());
        for (HealthCheck.Result result : HealthCheckHelper.invokeReadiness(context, "full")) {
            if (result.getCheck().getId().contains("ksher")) {
                require(result.getState() == HealthCheck.State.UP, "readiness: " + result.getMessage());
            }
        }
        System.out.println("ROUND " + round + " " + Misery.values()[round % Misery.values().length] + ": answered "
                + answered + ", failed " + failed + ", raw " + raw + ", "
                + component.http().state());
        answered.reset();
        failed.reset();
        raw.reset();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("broken: " + what);
        }
    }
}
