/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.simulator.http.OrderJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The simulator as a program: {@code java -jar camel-ksher-simulator-<version>-all.jar --help}. */
@Command(
        name = "ksher-simulator",
        mixinStandardHelpOptions = true,
        versionProvider = KsherSimulatorMain.Version.class,
        sortOptions = false,
        exitCodeOnInvalidInput = KsherSimulatorMain.USAGE,
        description = "A Ksher on localhost, for demos and tests. It has orders of its own and moves no money.",
        footer = "Exit codes: 1 could not start, 64 wrong usage, 130 stopped with Ctrl-C.")
public final class KsherSimulatorMain implements Callable<Integer> {

    static final int USAGE = 64;
    private static final Pattern APP_ID = Pattern.compile("[A-Za-z0-9]{1,32}");

    @Option(names = "--port", defaultValue = "8089", description = "Port; 0 is any free one. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description =
                    "Address to listen on. The control API has no password: keep it local. Default: ${DEFAULT-VALUE}")
    private String host = "";

    @Option(
            names = "--app-id",
            defaultValue = "mch10001",
            description = "The default merchant. Default: ${DEFAULT-VALUE}")
    private String appId = "";

    @Option(
            names = "--merchant-key",
            paramLabel = "FILE",
            description =
                    "The default merchant's key as PEM, public or private. Default: merchant.pem in --keys, made if missing")
    private @Nullable Path merchantKey;

    @Option(
            names = "--merchant",
            paramLabel = "APPID",
            description = "One more merchant, with orders of its own and the key APPID.pem in --keys, made if missing."
                    + " Can be given several times")
    private List<String> merchants = List.of();

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            defaultValue = "ksher-simulator-keys",
            description = "The folder of merchant.pem, APPID.pem, ksher-v1.pem and ksher-v2.pem (private keys), and of"
                    + " ksher-v1-public.pem and ksher-v2-public.pem; made if missing."
                    + " Default: ${DEFAULT-VALUE}")
    private Path keys = Path.of("");

    @Option(
            names = "--query-interval",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "The least time between two queries of one order: 10s, 500ms, PT1M; 0 is no limit."
                    + " Default: ${DEFAULT-VALUE}")
    private String queryInterval = "";

    @Option(
            names = "--latency",
            paramLabel = "DURATION[-DURATION]",
            description = "How long each call takes: 50ms, or at random 20ms-300ms. Default: no wait")
    private @Nullable String latency;

    @Option(
            names = "--notify-url",
            paramLabel = "URL",
            description = "Where merchants are notified of payments. The pauses between repetitions scale with"
                    + " --query-interval, Ksher's being 10s. Default: nobody is notified")
    private @Nullable String notifyUrl;

    @Option(
            names = "--strict",
            description =
                    "Take only what Ksher's pages ask for: POST, a time_stamp in their form, each nonce once, MD5,"
                            + " hex in lower case. Default: all that Ksher's own clients send")
    private boolean strict;

    @Option(
            names = "--signed-cancels",
            description = "Answer a cancel with a signed object, as Ksher's SDKs expect. Default: with a text, as"
                    + " Ksher's page prints it")
    private boolean signedCancels;

    @Option(
            names = "--shared-orders",
            description =
                    "Let each of the four calls know every order. Default: orderQuery and orderClose know KsherPay's"
                            + " orders, gatewayQuery and gatewayCancel the gateway's")
    private boolean sharedOrders;

    @Option(names = "--orders", paramLabel = "FILE", description = "JSON list of orders to open at start.")
    private @Nullable Path orders;

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs it until it is stopped; the options are those of {@code --help}. */
    public static void main(String[] args) {
        // Without a provider SLF4J would warn that nobody reads Jetty's log.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new KsherSimulatorMain()).setOut(out).setErr(err).execute(args);
    }

    @Override
    public Integer call() {
        // Before the start: a mistake in the file must not leave a half-started simulator.
        List<OrderJson.Asked> opened = readOrders();
        try (KsherSimulator simulator = settings().start()) {
            if (latency != null) {
                slow(simulator, latency);
            }
            refusing(
                    "--orders " + orders,
                    () -> opened.forEach(asked -> simulator
                            .merchant(asked.appId() == null ? appId : asked.appId())
                            .open(asked.order())));
            announce(simulator, line().getOut());
            simulator.join();
            return 0;
        } catch (IOException e) {
            line().getErr()
                    .println("Cannot listen on " + host + ":" + port + ": the port is in use, or the address is not"
                            + " this machine's. Choose another with --port or --host.");
            return 1;
        } catch (InterruptedException e) {
            // An interrupt is how a program that runs this on a thread of its own stops it.
            return 0;
        }
    }

    private KsherSimulatorBuilder settings() {
        if (port < 0 || port > 65535) {
            throw wrong("--port must be from 0 to 65535: " + port);
        }
        for (String other : merchants) {
            // It names a file too, which must not be one of the others in the folder.
            if (!APP_ID.matcher(other).matches() || KeyFiles.file(other).equals(KeyFiles.MERCHANT)) {
                throw wrong("--merchant must have 1 to 32 letters and digits, and not be 'merchant': '" + other + "'");
            }
        }
        if (merchants.contains(appId) || Set.copyOf(merchants).size() < merchants.size()) {
            throw wrong("--merchant names a merchant twice, or the one of --app-id: " + String.join(", ", merchants));
        }
        KsherSimulatorBuilder settings = KsherSimulator.builder().host(host).port(port);
        Duration interval = duration("--query-interval", queryInterval);
        refusing("--query-interval", () -> settings.queryInterval(interval));
        refusing("--app-id", () -> settings.appId(appId));
        if (notifyUrl != null) {
            String url = notifyUrl;
            refusing("--notify-url", () -> settings.notifyUrl(url));
        }
        settings.strict = strict;
        settings.signedCancels = signedCancels;
        settings.sharedOrders = sharedOrders;
        return withKeys(settings);
    }

    private KsherSimulatorBuilder withKeys(KsherSimulatorBuilder settings) {
        KeyFiles files = new KeyFiles(keys);
        try {
            settings.ksherKeys = files.ksher();
            for (String other : merchants) {
                settings.merchant(other, files.merchant(other));
            }
            if (merchantKey == null) {
                return settings.merchantKey(files.merchant());
            }
            String pem = Files.readString(merchantKey);
            return pem.contains("PRIVATE KEY") ? settings.merchantKey(pem) : settings.merchant(appId, pem);
        } catch (IOException e) {
            throw wrong("cannot read or write a key file: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage() + " (" + (merchantKey == null ? keys : merchantKey) + ")");
        }
    }

    private List<OrderJson.Asked> readOrders() {
        if (orders == null) {
            return List.of();
        }
        try {
            JsonNode list = new ObjectMapper().readTree(Files.readAllBytes(orders));
            if (!list.isArray()) {
                throw new IllegalArgumentException("needs a JSON list of orders");
            }
            return OrderJson.readAll(list);
        } catch (NoSuchFileException e) {
            throw wrong("--orders: there is no file " + orders);
        } catch (JsonProcessingException e) {
            throw wrong("--orders " + orders + ": not JSON: " + e.getOriginalMessage());
        } catch (IOException | IllegalArgumentException e) {
            throw wrong("--orders " + orders + ": " + e.getMessage());
        }
    }

    private void slow(KsherSimulator simulator, String range) {
        String[] times = range.split("-", 2);
        Duration min = duration("--latency", times[0]);
        Duration max = duration("--latency", times[times.length - 1]);
        refusing("--latency " + range, () -> simulator.faults().latency(min, max, 0));
    }

    /** Runs a step that refuses a wrong value of the option with an exception. */
    private void refusing(String option, Runnable step) {
        try {
            step.run();
        } catch (IllegalArgumentException | NoSuchElementException e) {
            throw wrong(option + ": " + e.getMessage());
        }
    }

    private Duration duration(String option, String text) {
        String iso = text.matches("[0-9]+") ? text + "ms" : text;
        try {
            Duration duration = iso.endsWith("ms")
                    ? Duration.ofMillis(Long.parseLong(iso.substring(0, iso.length() - 2)))
                    : Duration.parse(iso.startsWith("P") ? iso : "PT" + iso);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (NumberFormatException | DateTimeException e) {
            // Refused below, with the negative ones.
        }
        throw wrong(option + " must be a duration such as 10s, 500ms or PT1M: '" + text + "'");
    }

    private void announce(KsherSimulator simulator, PrintWriter out) {
        String key = String.valueOf(merchantKey == null ? keys.resolve(KeyFiles.MERCHANT) : merchantKey);
        out.println("Ksher simulator");
        out.println("  apiUrl            " + simulator.apiUrl());
        out.println("  gatewayUrl        " + simulator.gatewayUrl());
        out.println("  control           " + simulator.controlUrl());
        out.println("  appId             " + simulator.appId());
        out.println("  merchant's key    " + key);
        for (String other : merchants) {
            out.println("  appId             " + other);
            out.println("  merchant's key    " + keys.resolve(KeyFiles.file(other)));
        }
        out.println("  Ksher's key (V1)  " + keys.resolve(KeyFiles.V1_PUBLIC));
        out.println("  Ksher's key (V2)  " + keys.resolve(KeyFiles.V2_PUBLIC));
        out.println("Set ksherPublicKey=file:" + keys.resolve(KeyFiles.V1_PUBLIC) + " to verify its replies.");
        out.println("Stop it with Ctrl-C.");
        out.flush();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(line(), message);
    }

    private CommandLine line() {
        return Objects.requireNonNull(spec).commandLine();
    }

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = KsherSimulatorMain.class.getPackage().getImplementationVersion();
            return new String[] {"ksher-simulator " + (version == null ? "(development)" : version)};
        }
    }
}
