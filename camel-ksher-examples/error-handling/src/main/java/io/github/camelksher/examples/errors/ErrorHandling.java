/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.errors;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/**
 * Sends orders through {@link CancelRoutes} while the
 * simulator misbehaves, and prints what became of each.
 */
public final class ErrorHandling {

    private static final int TIMES = 2;

    private final PrintStream out;
    private final Map<String, String> ends = new LinkedHashMap<>();

    ErrorHandling(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        new ErrorHandling(System.out).run(Duration.ofMillis(500));
    }

    /**
     * Runs it.
     *
     * @param pace between two queries of one order: 10 s for Ksher, less for its simulator
     */
    void run(Duration pace) throws Exception {
        try (KsherSimulator ksher =
                KsherSimulator.builder().port(0).queryInterval(Duration.ZERO).start()) {
            Map<String, String> orders = misbehave(ksher);
            Main main = new Main();
            main.addInitialProperty("ksher.pace", String.valueOf(pace.toMillis()));
            ksher.componentProperties("camel.component.ksher.").forEach(main::addInitialProperty);
            main.configure().addRoutesBuilder(new CancelRoutes());
            main.configure().addRoutesBuilder(new Ends());
            try {
                main.start();
                for (Map.Entry<String, String> order : orders.entrySet()) {
                    main.getCamelTemplate().sendBody("direct:cancelUnpaid", order.getKey());
                    out.println(order.getKey() + "  " + order.getValue());
                    out.println("  calls:  " + calls(ksher, order.getKey()));
                    out.println("  ends:   " + ends.get(order.getKey()));
                    out.println("  truth:  " + ksher.order(order.getKey()).state());
                }
            } finally {
                main.stop();
            }
        }
    }

    /** The orders, each with what goes wrong with it. */
    private static Map<String, String> misbehave(KsherSimulator ksher) {
        Map<String, String> orders = new LinkedHashMap<>();
        orders.put("ORDER-1", "nothing goes wrong");
        orders.put("ORDER-2", "the query is answered with HTTP 503, twice");
        orders.put("ORDER-3", "the cancel is carried out, but its reply is lost");
        orders.put("ORDER-4", "the cancel is lost on its way");
        orders.put("ORDER-5", "the cancel is answered with HTTP 429, twice");
        orders.put("ORDER-6", "it was cancelled before, and the first query did not know yet (-5)");
        orders.put("ORDER-7", "the customer pays while it is being cancelled");
        orders.put("ORDER-8", "the query's signature is wrong");
        orders.put("ORDER-9", "the customer pays between the query and the cancel (-4)");
        orders.put("ORDER-10", "the cancel's reply is lost, and no query after it is answered");
        for (String number : orders.keySet()) {
            KsherOrder order = KsherOrder.gateway(number).amount(12_300, "THB");
            ksher.open(
                    switch (number) {
                        case "ORDER-7" -> order.paysAfterCancel();
                        case "ORDER-9" -> order.paysAfterQueries(1);
                        default -> order;
                    });
        }
        ksher.faults().forOrder("ORDER-2", Fault.status(503), "gatewayQuery", TIMES);
        ksher.faults().forOrder("ORDER-3", Fault.lostReply(), "gatewayCancel", 1);
        ksher.faults().forOrder("ORDER-4", Fault.lostRequest(), "gatewayCancel", 1);
        ksher.faults().forOrder("ORDER-5", Fault.status(429), "gatewayCancel", TIMES);
        ksher.close("ORDER-6");
        ksher.faults().forOrder("ORDER-6", Fault.state("NOTSURE"), "gatewayQuery", 1);
        ksher.faults().forOrder("ORDER-8", Fault.badSignature(), "gatewayQuery", 1);
        ksher.faults().forOrder("ORDER-10", Fault.lostReply(), "gatewayCancel", 1);
        // Only its first query is answered.
        ksher.faults().forOrder("ORDER-10", Fault.delay(Duration.ZERO), "gatewayQuery", 1);
        ksher.faults().forOrder("ORDER-10", Fault.status(503), "gatewayQuery", Faults.ALWAYS);
        return orders;
    }

    private static String calls(KsherSimulator ksher, String order) {
        return ksher.calls().stream()
                .filter(call -> order.equals(call.order()))
                .map(CallRecord::operation)
                .collect(Collectors.joining(", "));
    }

    /** Stands for the merchant's own systems. */
    private final class Ends extends RouteBuilder {

        @Override
        public void configure() {
            from("direct:paid").process(exchange -> end(exchange, "paid: deliver"));
            from("direct:cancelled").process(exchange -> end(exchange, "cancelled"));
            from("direct:person").process(exchange -> end(exchange, "a person must look: " + reason(exchange)));
        }

        private String reason(Exchange exchange) {
            boolean unknown = exchange.getMessage().getHeader("outcomeUnknown", Boolean.class);
            return (unknown ? "a cancel may have been carried out; " : "")
                    + exchange.getMessage().getHeader("reason", String.class);
        }

        private void end(Exchange exchange, String what) {
            ends.put(exchange.getMessage().getHeader(KsherConstants.MCH_ORDER_NO, String.class), what);
        }
    }
}
