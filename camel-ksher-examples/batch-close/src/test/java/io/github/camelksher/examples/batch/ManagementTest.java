/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ManagementTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpResponse<String> get(String url) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(SOON).build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path config(KsherSimulator ksher, Map<String, String> more) throws IOException {
        return TestKsher.config(ksher, directory.resolve("ksher.properties"), more);
    }

    private static String order(int line) {
        return OrderJson.order("b", line, "close", "A" + line);
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    @Test
    void healthAndMetricsAreServedToThisMachineAndHealthIsDownWithoutBrokerOrKsher() throws Exception {
        try (KsherSimulator ksher = TestKsher.start();
                TestBroker broker = new TestBroker(directory.resolve("broker"));
                BatchProcess worker = BatchProcess.start(
                        directory,
                        "worker",
                        "--queue",
                        broker.url(),
                        "--config",
                        config(ksher, Map.of("batch.management-port", "0")).toString(),
                        "--report",
                        "out")) {
            worker.awaitOutput("Health:", SOON);
            String health = find("Health: (http://127\\.0\\.0\\.1:[0-9]+/observe/health)", worker.output());
            String metrics = find("metrics: (http://127\\.0\\.0\\.1:[0-9]+/observe/metrics)", worker.output());
            int port = URI.create(health).getPort();

            BatchProcess.await(() -> get(health).statusCode() == 200, SOON);
            assertThat(get(health).body()).contains(up("journal"), up("broker"), up("ksher"));
            assertThatThrownBy(() -> connect("127.0.0.2", port)).isInstanceOf(IOException.class);

            ksher.open(KsherOrder.of("A1").openid("not-for-anybody"));
            broker.send(order(1));
            BatchProcess.await(
                    () -> get(metrics).body().contains("ksher_batch_orders_total{outcome=\"CLOSED\"} 1.0"), SOON);
            String seen = get(metrics).body();
            assertThat(seen)
                    .contains("ksher_batch_calls_seconds_count{end=\"Done\",operation=\"orderClose\"} 1")
                    .contains("ksher_batch_calls_seconds_sum{end=\"Seen\",operation=\"orderQuery\"}")
                    .contains("ksher_batch_in_flight 0.0", "ksher_batch_paused 0.0");
            assertThat(Double.parseDouble(find("ksher_batch_oldest_waiting_seconds ([0-9.E-]+)", seen)))
                    .as("the batch has no total, so it waits")
                    .isPositive();

            broker.stop();
            BatchProcess.await(() -> get(health).statusCode() == 503, SOON);
            assertThat(get(health).body()).contains(down("broker"), up("journal"), up("ksher"));
            broker.start();
            BatchProcess.await(() -> get(health).statusCode() == 200, SOON);

            ksher.faults().rate(1, 1, Fault.status(503));
            for (int line = 2; line <= 40; line++) {
                ksher.open(KsherOrder.of("A" + line).openid("not-for-anybody"));
            }
            broker.send(
                    IntStream.rangeClosed(2, 40).mapToObj(ManagementTest::order).toArray(String[]::new));
            BatchProcess.await(() -> get(health).statusCode() == 503, SOON);
            assertThat(get(health).body()).contains(down("ksher"), up("broker"), up("journal"));
            assertThat(get(metrics).body()).contains("ksher_batch_paused 1.0");
            ksher.faults().clear();
            BatchProcess.await(() -> get(health).statusCode() == 200, SOON);
            BatchProcess.await(
                    () -> get(metrics).body().contains("ksher_batch_orders_total{outcome=\"CLOSED\"} 40.0"), SOON);

            assertThat(get(health).body() + get(metrics).body() + worker.output())
                    .doesNotContain("not-for-anybody", "PRIVATE", "A17", ksher.publicKey())
                    .doesNotContain(
                            ksher.merchantKey().lines().skip(1).findFirst().orElseThrow());
            worker.terminate();
            assertThat(worker.exitCode(SOON)).as(worker.output()).isZero();
            assertThatThrownBy(() -> connect("127.0.0.1", port)).isInstanceOf(IOException.class);
        }
    }

    private static String up(String check) {
        return "{\"name\":\"" + check + "\",\"status\":\"UP\"";
    }

    private static String down(String check) {
        return "{\"name\":\"" + check + "\",\"status\":\"DOWN\"";
    }

    private static void connect(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 2_000);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingListensWhenNoPortIsSet() throws Exception {
        try (KsherSimulator ksher = TestKsher.start();
                TestBroker broker = new TestBroker(directory.resolve("broker"))) {
            String[] arguments = {
                "--queue", broker.url(), "--config", config(ksher, Map.of()).toString(), "--report", "out"
            };
            try (BatchProcess worker = BatchProcess.start(directory, "worker", arguments)) {
                worker.awaitOutput("consuming", SOON);
                ksher.open(KsherOrder.of("A1"));
                broker.send(order(1), OrderJson.total("b", 1));
                worker.awaitOutput("is finished", SOON);
                assertThat(worker.output()).doesNotContain("Health:");
                assertThat(listening(worker.pid())).isEmpty();
            }
            config(ksher, Map.of("batch.management-port", "0"));
            try (BatchProcess worker = BatchProcess.start(directory, "managed", arguments)) {
                worker.awaitOutput("Health:", SOON);
                assertThat(listening(worker.pid()))
                        .as("so that it would be seen")
                        .hasSize(1);
            }
        }
    }

    /** The addresses that the process listens on, in the words of the kernel. */
    private static Set<String> listening(long pid) throws IOException {
        Set<String> sockets;
        try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            sockets = files.map(ManagementTest::target).collect(Collectors.toSet());
        }
        try (Stream<String> tcp = Files.lines(Path.of("/proc", String.valueOf(pid), "net", "tcp"));
                Stream<String> tcp6 = Files.lines(Path.of("/proc", String.valueOf(pid), "net", "tcp6"))) {
            return Stream.concat(tcp, tcp6)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words[3].equals("0A") && sockets.contains("socket:[" + words[9] + "]"))
                    .map(words -> words[1])
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    @Test
    void aManagementPortThatIsInUseOrNoneAtAllIsSaidSo() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            String taken = String.valueOf(URI.create(ksher.apiUrl()).getPort());
            Path folder = Files.createDirectories(directory.resolve("in"));
            for (String port : new String[] {taken, "70000", "http"}) {
                Cli cli = Cli.run(
                        "--watch",
                        folder,
                        "--report",
                        directory.resolve("out"),
                        "--config",
                        config(ksher, Map.of("batch.management-port", port)));
                assertThat(cli.exit()).as(cli.printed()).isEqualTo(ExitCode.USAGE.number());
                assertThat(cli.printed()).contains("batch.management-port");
            }
        }
    }
}
