/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.component.KsherDevConsole;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.impl.DefaultCamelContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Very many calls, some of which meet a fault. What the process holds must stay the same, each call must have arrived
 * once and ended as it must, and nothing must be left of a context that is stopped while calls are on their way.
 */
@Command(
        name = "endurance",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Makes very many calls, some of them faulty, and says whether all is flat and accounted for.")
final class Endurance implements Callable<Integer> {

    /** In seconds: longer than a call may last. */
    private static final int STOP_DEADLINE = 10;
    /** Calls that are on their way when the context stops. */
    private static final int LAST_CALLS = 8;

    @Option(names = "--calls", description = "in all", defaultValue = "1000000")
    private int calls;

    @Option(names = "--callers", description = "how many at once", defaultValue = "64")
    private int callers;

    @Option(names = "--faults", description = "share of the calls, from 0 to 1", defaultValue = "0.01")
    private double faults;

    @Option(names = "--seed", description = "of the faults: the same ones again", defaultValue = "1")
    private long seed;

    @Option(
            names = "--samples",
            description = "how often to stop and look; all wait for the slowest then",
            defaultValue = "20")
    private int samples;

    @Option(names = "--call-timeout", description = "of the component, in ms", defaultValue = "2000")
    private long callTimeout;

    private final PrintStream out;
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

    Endurance(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Endurance(System.out)).execute(args));
    }

    /** 1 if anything is not as it must be. */
    @Override
    public Integer call() throws Exception {
        require(
                samples >= 4 && calls >= samples,
                "quarters are compared: at least four --samples, of a call or more each");
        require(callers > 0, "--callers must be positive");
        require(faults >= 0 && faults <= 1, "--faults must be from 0 to 1");
        require(callTimeout > 0, "--call-timeout must be positive");
        out.printf(
                Locale.ROOT,
                "%,d calls by %d callers, every other one a command, faults at %s %%, seed %d, callTimeout %d ms; Java %s, Camel %s%n%n",
                calls,
                callers,
                faults * 100,
                seed,
                callTimeout,
                System.getProperty("java.version"),
                CamelContext.class.getPackage().getImplementationVersion());
        try (Target target = new Target(
                FaultyResponder.class, 512, Integer.toString(calls), Double.toString(faults), Long.toString(seed))) {
            // The JDK keeps one socket for itself as soon as it has any.
            new ServerSocket(0).close();
            Held before = Held.now();
            WeakReference<CamelContext> context = run(target, before);
            out.printf("%nLeft behind: %s%n", nothingLeft(before, context));
        }
        out.println();
        problems.forEach(problem -> out.println("PROBLEM: " + problem));
        out.println(problems.isEmpty() ? "Flat, and every call accounted for." : "NOT as it must be, see above.");
        return problems.isEmpty() ? 0 : 1;
    }

    private void require(boolean met, String message) {
        if (!met) {
            throw new ParameterException(new CommandLine(this), message);
        }
    }

    private WeakReference<CamelContext> run(Target target, Held before) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(STOP_DEADLINE);
        KsherComponent ksher = new KsherComponent();
        ksher.getConfiguration().setAppId(Target.APP_ID);
        ksher.getConfiguration().setPrivateKey(target.merchantKeyText());
        ksher.getConfiguration().setKsherPublicKey(target.ksherPublicKeyText());
        ksher.getConfiguration().setApiUrl(target.baseUrl() + "/KsherPay");
        ksher.getConfiguration().setCallTimeout(Duration.ofMillis(callTimeout));
        ksher.getConfiguration().setMaxReplySize(FaultyResponder.MAX_REPLY_SIZE);
        context.addComponent("ksher", ksher);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // Nothing is sent again, and a failure is no news here.
                errorHandler(noErrorHandler());
                from("direct:query").to("ksher:orderQuery");
                from("direct:close").to("ksher:orderClose");
            }
        });
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        Console console = new Console(context);
        Accounts accounts = new Accounts(calls);
        callAll(template, accounts, console, before);
        String book = target.ask(FaultyResponder.BOOK);
        reconcile(accounts, book, console);
        stop(context, template, target);
        return new WeakReference<>(context);
    }

    private void callAll(ProducerTemplate template, Accounts accounts, Console console, Held before) throws Exception {
        out.println(Footprint.HEADER);
        List<Footprint> footprints = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        long[] began = {System.nanoTime()};
        // Nobody calls while one looks: what is held then, is kept.
        CyclicBarrier pause = new CyclicBarrier(callers, () -> {
            int made = end(footprints.size() + 1);
            double seconds = (System.nanoTime() - began[0]) / 1e9;
            Footprint footprint = console.footprint(made, (made - end(footprints.size())) / seconds, before);
            footprints.add(footprint);
            out.println(footprint.row());
            next.set(made);
            began[0] = System.nanoTime();
        });
        inParallel(callers, caller -> {
            for (int sample = 1; sample <= samples; sample++) {
                int end = end(sample);
                for (int order = next.getAndIncrement(); order < end; order = next.getAndIncrement()) {
                    String name = FaultyResponder.ORDER + order;
                    accounts.add(order, send(template, name, Accounts.isClose(order)));
                }
                pause.await();
            }
        });
        problems.addAll(Footprint.growth(footprints, callers));
    }

    /** How many calls there were by the end of a sample. */
    private int end(int sample) {
        return (int) ((long) calls * sample / samples);
    }

    private static String send(ProducerTemplate template, String order, boolean close) {
        Exchange exchange = template.send(close ? "direct:close" : "direct:query", before -> before.getMessage()
                .setHeader(KsherConstants.MCH_ORDER_NO, order));
        return Accounts.outcome(exchange, order, close);
    }

    private void reconcile(Accounts accounts, String book, Console console) {
        out.println("\n| the responder | calls | ended as |\n|---|--:|---|");
        Accounts.done(book)
                .forEach((fault, count) -> out.printf(
                        Locale.ROOT,
                        "| %s | %,d | %s |%n",
                        fault.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        count,
                        fault.outcome()));
        out.printf(
                Locale.ROOT,
                "%nNever arrived, on a connection whose close was still on its way after a reply: %d%n",
                accounts.raced(book));
        problems.addAll(accounts.discrepancies(book));
        for (boolean close : new boolean[] {false, true}) {
            Map<?, ?> counted = console.calls(close ? "orderClose" : "orderQuery");
            if (!counted.equals(accounts.counts(close))) {
                problems.add("the component counted " + counted + ", the callers " + accounts.counts(close));
            }
        }
    }

    /** While some calls wait for an answer that will not come. */
    private void stop(CamelContext context, ProducerTemplate template, Target target) throws Exception {
        Thread stopper = new Thread(() -> {
            try {
                while (Integer.parseInt(target.ask(FaultyResponder.UNANSWERED)) < LAST_CALLS) {
                    Thread.sleep(10);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                return;
            }
            long began = System.nanoTime();
            context.stop();
            double seconds = (System.nanoTime() - began) / 1e9;
            out.printf(
                    Locale.ROOT,
                    "%nStopped with %d calls on their way: took %.1f s of at most %d%n",
                    LAST_CALLS,
                    seconds,
                    STOP_DEADLINE);
            if (seconds > STOP_DEADLINE || !context.isStopped()) {
                problems.add("stopping took " + seconds + " s, and the context is " + context.getStatus());
            }
        });
        stopper.start();
        inParallel(LAST_CALLS, caller -> {
            String outcome = send(template, "UNANSWERED-" + caller, true);
            if (!outcome.equals(Fault.TIMED_OUT)) {
                problems.add("a call that was on its way when the context stopped ended as '" + outcome + "'");
            }
        });
        stopper.join();
        template.stop();
    }

    /** Threads end soon after they are told to, not at once. */
    private String nothingLeft(Held before, WeakReference<CamelContext> context) throws Exception {
        // Camel itself keeps the last context that was started.
        CamelContext last = new DefaultCamelContext();
        last.start();
        last.stop();
        List<String> left = List.of();
        for (int i = 0; i < 100; i++) {
            left = new ArrayList<>(Held.now().since(before));
            Held.heap();
            if (context.get() != null) {
                left.add("the context, which something still refers to");
            }
            if (left.isEmpty()) {
                return "nothing, of threads, sockets, files and the context itself";
            }
            Thread.sleep(50);
        }
        left.forEach(one -> problems.add("left behind: " + one));
        return left.toString();
    }

    private interface Caller {
        void run(int number) throws Exception;
    }

    private static void inParallel(int count, Caller caller) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    caller.run(number);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.SECONDS);
        }
    }

    /** The component's own view of itself. */
    private static final class Console {

        private final KsherDevConsole console = new KsherDevConsole();

        Console(CamelContext context) {
            console.setCamelContext(context);
        }

        private List<?> list(String name) {
            Map<?, ?> root = (Map<?, ?>) console.call(DevConsole.MediaType.JSON);
            return (List<?>) Objects.requireNonNull(root.get(name));
        }

        private static int number(Map<?, ?> from, String name) {
            return (Integer) Objects.requireNonNull(from.get(name));
        }

        Footprint footprint(int calls, double perSecond, Held before) {
            try {
                Map<?, ?> pool = pool();
                // The timer of a call that had no time left may still be about to give its connection back.
                for (int i = 0; i < 100 && number(pool, "leased") > 0; i++) {
                    Thread.sleep(10);
                    pool = pool();
                }
                Held held = Held.now();
                return new Footprint(
                        calls,
                        perSecond,
                        Held.heap(),
                        Held.direct(),
                        number(pool, "leased"),
                        number(pool, "available"),
                        held.sockets() - before.sockets(),
                        held.files().size() - held.sockets(),
                        held.threads().size());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Map<?, ?> pool() {
            return (Map<?, ?>) list("pools").get(0);
        }

        /** By outcome. */
        Map<?, ?> calls(String operation) {
            return list("endpoints").stream()
                    .map(endpoint -> (Map<?, ?>) endpoint)
                    .filter(endpoint -> operation.equals(endpoint.get("operation")))
                    .map(endpoint -> (Map<?, ?>) endpoint.get("calls"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
