/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.protocol.RsaPem;
import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KsherSimulatorMainTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesEveryOptionAndItsDefault() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("--port", "8089", "--host", "127.0.0.1", "--app-id", "mch10001", "--merchant-key", "--keys")
                .contains(
                        "ksher-simulator-keys",
                        "--query-interval",
                        "10s",
                        "--latency",
                        "--shared-orders",
                        "--strict",
                        "--signed-cancels",
                        "--merchant=APPID",
                        "--notify-url",
                        "--orders",
                        "64");
    }

    @Test
    void wrongUsageIsExit64AndSaysWhatIsWrong() throws Exception {
        assertUsage("--prot", "--prot", "1");
        assertUsage("--port", "--port", "x");
        assertUsage("0 to 65535", "--port", "70000");
        assertUsage("--query-interval", "--query-interval", "soon");
        assertUsage("--query-interval", "--query-interval", "PT-1S");
        assertUsage("0 to a day", "--query-interval", "999999h");
        assertUsage("--app-id", "--app-id", "m".repeat(33));
        assertUsage("--merchant", "--merchant", "../mch2");
        assertUsage("--merchant", "--merchant", "merchant");
        assertUsage("twice", "--merchant", "mch2", "--merchant", "mch2");
        assertUsage("twice", "--merchant", "mch10001");
        assertUsage("--notify-url", "--notify-url", "shop");
        assertUsage("--latency", "--port", "0", "--latency", "slow");
        assertUsage("--latency", "--port", "0", "--latency", "50ms-");
        assertUsage("--latency", "--port", "0", "--latency", "300ms-20ms");
        assertUsage("no file", "--orders", folder.resolve("none.json").toString());
        assertUsage("not JSON", "--orders", file("broken.json", "[{").toString());
        assertUsage("JSON list", "--orders", file("object.json", "{}").toString());
        assertUsage(
                "amout",
                "--orders",
                file("typo.json", "[{\"mch_order_no\":\"A\",\"amout\":1}]").toString());
        Path other = file("other.json", "[{\"mch_order_no\":\"A\",\"appid\":\"mch2\"}]");
        assertUsage("mch2", "--port", "0", "--orders", other.toString());
        Path twice = file("twice.json", "[{\"mch_order_no\":\"A\"},{\"mch_order_no\":\"A\"}]");
        assertUsage("already open", "--port", "0", "--orders", twice.toString());
        assertUsage("public key", "--merchant-key", file("bad.pem", "nothing").toString());
        assertUsage("none.pem", "--merchant-key", folder.resolve("none.pem").toString());
    }

    @Test
    void aPortInUseIsExit1AndSaysSo() throws Exception {
        try (KsherSimulator other = KsherSimulator.builder().start()) {
            assertThat(run("--port", String.valueOf(other.port()), "--keys", folder.toString()))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("in use", String.valueOf(other.port()), "--port");
            assertThat(err.toString()).doesNotContain("\tat ");
        }
    }

    @Test
    void startsWithKeysOnDiskAndOrdersAndSaysHowToUseIt() throws Exception {
        Path orders = file("orders.json", "[{\"mch_order_no\":\"A1\"}]");
        List<String> printed = startAndStop("--orders", orders.toString(), "--latency", "20ms-300ms");
        assertThat(String.join("\n", printed))
                .contains("http://127.0.0.1:", "/KsherPay", "/api", "/simulator", "mch10001", "merchant.pem")
                .contains("ksher-v1-public.pem", "ksher-v2-public.pem", "Ctrl-C");
        Path keys = folder.resolve("keys");
        RsaPem.readPrivate(Files.readString(keys.resolve("merchant.pem")));
        String v1 = Files.readString(keys.resolve("ksher-v1-public.pem"));
        assertThat(v1).contains("BEGIN PUBLIC KEY");
        assertThat(Files.readString(keys.resolve("ksher-v2-public.pem"))).contains("BEGIN RSA PUBLIC KEY");
        startAndStop("--latency", "50ms");
        assertThat(Files.readString(keys.resolve("ksher-v1-public.pem"))).isEqualTo(v1);
    }

    @Test
    void severalMerchantsHaveKeysOnDiskAndOrders() throws Exception {
        Path orders = file("orders.json", "[{\"mch_order_no\":\"A1\"},{\"mch_order_no\":\"A1\",\"appid\":\"mch2\"}]");
        List<String> printed = startAndStop(
                "--merchant",
                "mch2",
                "--merchant",
                "mch3",
                "--orders",
                orders.toString(),
                "--strict",
                "--signed-cancels",
                "--shared-orders",
                "--notify-url",
                "http://127.0.0.1:1/paid");
        assertThat(String.join("\n", printed)).contains("mch2.pem", "mch3.pem");
        String key = Files.readString(folder.resolve("keys").resolve("mch2.pem"));
        RsaPem.readPrivate(key);
        startAndStop("--merchant", "mch2");
        assertThat(Files.readString(folder.resolve("keys").resolve("mch2.pem"))).isEqualTo(key);
    }

    @Test
    void takesAMerchantsKeyWhetherPublicOrPrivate() throws Exception {
        try (KsherSimulator other = KsherSimulator.builder().start()) {
            Path open = file("public.pem", other.merchantPublicKey());
            assertThat(startAndStop("--merchant-key", open.toString())).anyMatch(line -> line.contains("public.pem"));
            Path secret = file("private.pem", other.merchantKey());
            assertThat(startAndStop("--merchant-key", secret.toString())).anyMatch(l -> l.contains("private.pem"));
        }
    }

    /** Runs it until it has printed everything, and stops it as an embedding program would. */
    private List<String> startAndStop(String... more) throws Exception {
        List<String> args = new ArrayList<>(
                List.of("--port", "0", "--keys", folder.resolve("keys").toString()));
        args.addAll(List.of(more));
        List<String> lines = new ArrayList<>();
        try (PipedReader pipe = new PipedReader(8192)) {
            PrintWriter writer = new PrintWriter(new PipedWriter(pipe), true);
            FutureTask<Integer> exit = new FutureTask<>(() -> {
                int code = KsherSimulatorMain.run(writer, new PrintWriter(err, true), args.toArray(String[]::new));
                writer.close();
                return code;
            });
            Thread thread = new Thread(exit);
            thread.start();
            BufferedReader reader = new BufferedReader(pipe);
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.startsWith("Stop it")) {
                    break;
                }
            }
            thread.interrupt();
            assertThat(exit.get()).as(err.toString()).isZero();
        }
        return lines;
    }

    private void assertUsage(String message, String... args) {
        err.getBuffer().setLength(0);
        List<String> all =
                new ArrayList<>(List.of("--keys", folder.resolve("keys").toString()));
        all.addAll(List.of(args));
        assertThat(run(all.toArray(String[]::new))).as(err.toString()).isEqualTo(64);
        assertThat(err.toString()).contains(message);
    }

    private int run(String... args) {
        return KsherSimulatorMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private Path file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }
}
