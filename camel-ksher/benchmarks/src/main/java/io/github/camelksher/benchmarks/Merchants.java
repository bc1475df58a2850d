/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConstants;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One route with {@code toD} for many merchants, each with a key of its own in a file: what an endpoint takes, in time and in
 * heap, and what a call takes when Camel remembers the endpoints of all merchants and when it does not.
 */
@Command(
        name = "merchants",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Measures what the endpoints of many merchants take, in one route with toD.")
final class Merchants implements Callable<Integer> {

    /** What Camel remembers without a setting. */
    private static final int DEFAULT_CACHE = 1_000;

    @Option(names = "--merchants", description = "how many", defaultValue = "2000")
    private int merchants;

    @Option(names = "--bits", description = "of each key", defaultValue = "1024")
    private int bits;

    private final PrintStream out;

    Merchants(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Merchants(System.out)).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        out.printf(
                Locale.ROOT,
                "%,d merchants with keys of %d bits; Java %s, Camel %s%n%n",
                merchants,
                bits,
                System.getProperty("java.version"),
                CamelContext.class.getPackage().getImplementationVersion());
        Path keys = Files.createTempDirectory("merchants");
        try (Target target = new Target(bits, 0, false)) {
            for (int i = 0; i < merchants; i++) {
                String key = Base64.getEncoder()
                        .encodeToString(Responder.keys(bits).getPrivate().getEncoded());
                Files.writeString(keys.resolve("mch" + i), key);
            }
            // Loads the classes, so that the first of the runs below does not pay for it.
            try (Run warmUp = new Run(target, keys, merchants)) {
                warmUp.round(merchants);
                warmUp.round(merchants);
            }
            out.println("| endpoints remembered | first call of each | further calls | heap per endpoint"
                    + " | connections |\n|--:|--:|--:|--:|--:|");
            measure(target, keys, merchants + 100);
            measure(target, keys, DEFAULT_CACHE);
        } finally {
            delete(keys);
        }
        return 0;
    }

    private void measure(Target target, Path keys, int cache) throws Exception {
        try (Run run = new Run(target, keys, cache)) {
            run.query("first");
            long before = Held.heap();
            double first = run.round(merchants);
            long heap = Held.heap() - before;
            double further = run.round(merchants);
            out.printf(
                    Locale.ROOT,
                    "| %,d | %,.0f µs | %,.0f µs | %,.1f KiB | %d |%n",
                    cache,
                    first,
                    further,
                    heap / 1024.0 / Math.min(merchants, cache),
                    run.connections());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    /** A context with one route, and the calls of one caller. */
    private static final class Run implements AutoCloseable {

        private final CamelContext context = new DefaultCamelContext();
        private final ProducerTemplate template;

        Run(Target target, Path keys, int cache) throws Exception {
            context.getGlobalOptions().put(Exchange.MAXIMUM_ENDPOINT_CACHE_SIZE, String.valueOf(cache));
            KsherComponent ksher = new KsherComponent();
            ksher.getConfiguration().setKsherPublicKey(target.ksherPublicKeyText());
            ksher.getConfiguration().setApiUrl(target.baseUrl() + "/KsherPay");
            context.addComponent("ksher", ksher);
            Files.writeString(keys.resolve("first"), target.merchantKeyText());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:query")
                            .toD()
                            .cacheSize(cache)
                            .uri("ksher:orderQuery?appId=" + Target.APP_ID + "&privateKey=file:" + keys
                                    + "/${header.merchant}");
                }
            });
            context.start();
            template = context.createProducerTemplate();
        }

        void query(String merchant) throws Exception {
            Exchange exchange = template.request("direct:query", before -> {
                before.getMessage().setHeader("merchant", merchant);
                before.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, "A-1");
            });
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
        }

        /** One call for each merchant; in microseconds, on average. */
        double round(int merchants) throws Exception {
            long begun = System.nanoTime();
            for (int i = 0; i < merchants; i++) {
                query("mch" + i);
            }
            return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun) / (double) merchants;
        }

        int connections() {
            KsherComponent ksher = context.getComponent("ksher", KsherComponent.class);
            return ksher.getPoolAvailable() + ksher.getPoolLeased();
        }

        @Override
        public void close() {
            template.stop();
            context.stop();
        }
    }
}
