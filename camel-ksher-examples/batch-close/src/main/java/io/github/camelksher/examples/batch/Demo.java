/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * A Ksher on localhost with an order for every way that a close can end.
 *
 * @param settings where its report goes, for instance
 */
record Demo(PrintWriter out, Settings settings) implements Command {

    static final String FILE = "sample-orders.csv";
    /** Ksher asks for 10 s; the demo shortens it on both sides, to be over soon. */
    static final Duration QUERY_INTERVAL = Duration.ofMillis(200);

    @Override
    public ExitCode run() throws Exception {
        try (KsherSimulator ksher = start();
                TemporaryDirectory directory = new TemporaryDirectory()) {
            out.println("Demo on an embedded Ksher simulator. Queries of one order are " + QUERY_INTERVAL.toMillis()
                    + " ms apart instead of 10 s, on both sides.");
            Path file = Files.write(directory.path.resolve(FILE), orders());
            setUp(settings, ksher).with(Settings.JOURNAL, "jdbc:h2:file:" + directory.path.resolve("journal"));
            Application application = new Application(out, settings, settings.batch());
            // A signal ends the process when the application is closed, and not here.
            application.closeLast(directory);
            application.howToGoOn = "Nothing of the demo is kept: run it again.";
            ExitCode code = application.run(new CloseFile(application, file, false));
            if (code == ExitCode.NEEDS_PERSON) {
                out.println("The exit code is 2, as intended: the demo has an order for every way to end, and some of"
                        + " these need a person.");
            }
            return code;
        }
    }

    static KsherSimulator start() throws IOException {
        KsherSimulator ksher =
                KsherSimulator.builder().port(0).queryInterval(QUERY_INTERVAL).start();
        open(ksher);
        return ksher;
    }

    static Settings setUp(Settings settings, KsherSimulator ksher) {
        settings.withoutEnvironment();
        ksher.componentProperties("camel.component.ksher.").forEach(settings::with);
        return settings.with(Settings.QUERY_INTERVAL, QUERY_INTERVAL.toMillis() + "ms")
                .with(Settings.GIVE_UP_AFTER, "3s");
    }

    static byte[] orders() throws IOException {
        try (InputStream in = Objects.requireNonNull(Demo.class.getResourceAsStream(FILE), FILE)) {
            return in.readAllBytes();
        }
    }

    private static void open(KsherSimulator ksher) {
        ksher.open(unpaid("SHOP-1001"));
        ksher.open(unpaid("SHOP-1002").ksherOrderNo("90020201123100000001002"));
        // A payment page that nobody opened: the commonest unpaid order.
        ksher.open(page("SHOP-1003"));
        ksher.open(unpaid("SHOP-1004").state(State.USERPAYING));
        ksher.open(page("SHOP-1005").state(State.PAYERROR));
        ksher.open(unpaid("SHOP-1006").state(State.SUCCESS).openid("not-for-reports"));
        ksher.open(page("SHOP-1007").state(State.CLOSED));
        ksher.open(unpaid("SHOP-1008").state(State.REFUND));
        // The customer pays between our query and our command.
        ksher.open(unpaid("SHOP-1009").paysAfterQueries(1));
        ksher.open(page("SHOP-1010").paysAfterQueries(1));
        // Card payments that wait for a one-time password:
        // refused for good, for now, and until paid.
        ksher.open(page("SHOP-1011").otp(-4));
        ksher.open(page("SHOP-1012").otp());
        ksher.open(page("SHOP-1013").otp().paysAfterQueries(3));
        // The customer saved the QR code, and pays after the order was cancelled.
        ksher.open(page("SHOP-1014").paysAfterCancel());
        ksher.open(unpaid("SHOP-1015").state(State.NOTSURE).paysAfterQueries(2));
        ksher.open(unpaid("SHOP-1016"));
        ksher.faults().forOrder("SHOP-1016", Fault.lostReply(), "orderClose", 1);
        ksher.open(page("SHOP-1017"));
        ksher.faults().forOrder("SHOP-1017", Fault.lostRequest(), "gatewayCancel", 1);
        ksher.open(unpaid("SHOP-1018"));
        ksher.faults().forOrder("SHOP-1018", Fault.badSignature(), "orderQuery", 1);
        ksher.open(unpaid("SHOP-1019"));
        ksher.faults().forOrder("SHOP-1019", Fault.badSignature(), "orderClose", 1);
        ksher.open(page("SHOP-1020"));
        ksher.faults().forOrder("SHOP-1020", Fault.status(503), "gatewayQuery", 2);
        ksher.open(page("SHOP-1021"));
        ksher.open(page("SHOP-1022").channel("promptpay").walletChosen());
    }

    /** Made by one of KsherPay's own calls. */
    private static KsherOrder unpaid(String number) {
        return KsherOrder.of(number).amount(12_300, "THB");
    }

    /** Made as a payment page. */
    private static KsherOrder page(String number) {
        return KsherOrder.gateway(number).amount(12_300, "THB");
    }
}
