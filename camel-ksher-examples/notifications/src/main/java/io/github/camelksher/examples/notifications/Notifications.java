/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import io.github.camelksher.reply.PaymentNotification;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.Notification;
import java.io.File;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.Main;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/** A shop with two orders, and a simulator of Ksher that tells it what was paid. */
public final class Notifications {

    private static final String KEEP_RUNNING = "--keep-running";

    private final PrintStream out;
    private final int shopPort;
    private final int ksherPort;

    /** On these ports; 0 is any that is free. */
    Notifications(PrintStream out, int shopPort, int ksherPort) {
        this.out = out;
        this.shopPort = shopPort;
        this.ksherPort = ksherPort;
    }

    /** Shows what happens and stops; with {@code --keep-running} it waits for more. */
    public static void main(String[] args) throws Exception {
        List<String> options = List.of(args);
        if (!options.isEmpty() && !options.equals(List.of(KEEP_RUNNING))) {
            System.err.println("Usage: run [" + KEEP_RUNNING + "]");
            System.exit(64);
        }
        if (options.isEmpty()) {
            new Notifications(System.out, 0, 0).run(false);
        } else {
            new Notifications(System.out, 8080, 8089).run(true);
        }
    }

    /**
     * Runs it.
     *
     * @param keepRunning whether to go on until the process is told to stop
     */
    void run(boolean keepRunning) throws Exception {
        try (KsherSimulator ksher = KsherSimulator.builder()
                .port(ksherPort)
                // A hundred times faster than Ksher: the first repetition comes after 10 ms.
                .queryInterval(Duration.ofMillis(100))
                .start()) {
            Orders orders = new Orders();
            File settled = File.createTempFile("settled", ".txt");
            settled.deleteOnExit();
            Main main = shop(ksher, orders, settled);
            try {
                main.start();
                URI url = url(main);
                for (String number : List.of("A-1", "A-2")) {
                    orders.add(number, 12_300, "THB");
                    ksher.open(KsherOrder.gateway(number).amount(12_300, "THB").notifyUrl(url.toString()));
                }
                show(ksher);
                if (keepRunning) {
                    explain(ksher);
                    // Ended by Camel's shutdown hook, which then waits for the stop below.
                    main.getShutdownStrategy().await();
                    out.println("Stopping");
                }
            } finally {
                main.stop();
            }
        }
    }

    private Main shop(KsherSimulator ksher, Orders orders, File settled) {
        Main main = new Main();
        ksher.componentProperties("camel.component.ksher.").forEach(main::addOverrideProperty);
        main.addOverrideProperty("camel.server.port", Integer.toString(shopPort));
        main.bind("seen", (RoutePolicyFactory) (context, routeId, route) -> routeId.equals("paid") ? new Seen() : null);
        main.configure().addRoutesBuilder(new PaidRoutes(orders, settled));
        main.configure().addRoutesBuilder(new Ends());
        return main;
    }

    private static URI url(Main main) {
        VertxPlatformHttpServer server = main.getCamelContext().hasService(VertxPlatformHttpServer.class);
        return URI.create("http://127.0.0.1:" + server.getPort() + "/ksher/paid");
    }

    private void show(KsherSimulator ksher) {
        out.println("The customer pays A-1.");
        ksher.pay("A-1");
        while (ksher.notifications().isEmpty()) {
            Thread.onSpinWait();
        }
        answered("Ksher", ksher.notifications().get(0));
        out.println("The same notification comes again.");
        answered("Ksher", ksher.notifyNow("A-1"));
        out.println("Somebody sends a forged one.");
        answered("The forger", ksher.notifyNow("A-1", Fault.badSignature()));
        out.println("Nobody pays A-2: no notification tells so, a query does.");
    }

    private void answered(String who, Notification notification) {
        out.println(
                "  " + who + " was answered with " + notification.status() + (notification.accepted() ? ", OK" : ""));
    }

    private void explain(KsherSimulator ksher) {
        String order = ksher.controlUrl() + "/orders/A-2";
        out.println();
        out.println("Try it; Ctrl-C stops:");
        out.println("  curl -X POST " + order + "/pay");
        out.println("  curl -X POST " + order + "/notify");
        out.println("  curl " + order + "/notify -d '{\"fault\":\"BAD_SIGNATURE\"}'");
        out.println("  curl " + ksher.controlUrl() + "/notifications");
    }

    /** Tells of the notifications that come no further than the routes. */
    private final class Seen extends RoutePolicySupport {

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
            if (status != null) {
                out.println(status == 400 ? "  The shop refuses it" : "  The shop has not settled it");
            } else if (exchange.getProperty(Exchange.DUPLICATE_MESSAGE, false, boolean.class)) {
                out.println("  The shop knows already that it was paid");
            }
        }
    }

    /** Stands for the shop's own systems. */
    private final class Ends extends RouteBuilder {

        @Override
        public void configure() {
            from("direct:deliver").process(exchange -> out.println("  The shop delivers " + payment(exchange)));
            from("direct:person")
                    .process(exchange ->
                            out.println("  A person must look at " + payment(exchange) + ": " + verdict(exchange)));
        }

        private static String payment(Exchange exchange) {
            PaymentNotification paid = exchange.getMessage().getBody(PaymentNotification.class);
            // In baht, of two decimals.
            return paid.mchOrderNo() + ", " + BigDecimal.valueOf(paid.totalFee(), 2) + " " + paid.feeType();
        }

        private static String verdict(Exchange exchange) {
            return exchange.getProperty("verdict", String.class);
        }
    }
}
