/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the status page asks for, and {@code --status} beside a run. */
class StatusPageTest extends StatusCase {

    private static final Map<String, String> ANY_PORT = Map.of("batch.management-port", "0");

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(SOON).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonObject status(String page) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(page + "observe/status")));
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static JsonObject night(JsonObject status) {
        assertThat(status.getJsonArray("batches")).hasSize(1);
        return status.getJsonArray("batches").getJsonObject(0);
    }

    private Cli statusCommand() {
        return Cli.run("--status", "--report", directory.resolve("out"));
    }

    private Path address() {
        return directory.resolve("out/journal.status");
    }

    @Test
    void theStatusSaysHowFarTheBatchIsAndNothingOfItsOrders() throws Exception {
        try (BatchProcess process = run("run", ANY_PORT)) {
            String page = page(process);
            BatchProcess.await(
                    () -> anyOutcomeOfABatch(status(page)) && status(page).getInteger("callsInFlight") > 0, SOON);

            JsonObject status = status(page);
            JsonObject night = night(status);
            assertThat(night.getString("name")).startsWith("night-");
            assertThat(night.getString("kind")).isEqualTo("FILE");
            assertThat(night.getString("state")).isEqualTo("OPEN");
            assertThat(night.getLong("received")).isEqualTo(ORDERS);
            assertThat(night.getLong("total")).isEqualTo(ORDERS);
            long settled = night.getJsonArray("outcomes").stream()
                    .mapToLong(one -> ((JsonObject) one).getLong("count"))
                    .sum();
            assertThat(night.getLong("open")).isEqualTo(ORDERS - settled).isLessThan(ORDERS);
            assertThat(status.getLong("settledInTheLastMinute")).isBetween(1L, (long) ORDERS);
            assertThat(status.getString("target")).contains(ksher.appId(), "127.0.0.1");
            assertThat(status.getBoolean("paused")).isFalse();
            assertThat(Instant.parse(status.getString("asOf"))).isBefore(Instant.now());
            assertThat(status.getJsonArray("checks").encode())
                    .contains("{\"name\":\"journal\",\"state\":\"UP\"", "{\"name\":\"ksher\",\"state\":\"UP\"");

            Cli beside = statusCommand();
            assertThat(beside.exit()).as(beside.printed()).isZero();
            assertThat(beside.printed()).contains("night-", "OPEN", ksher.appId(), "200 rows of 200", " open");

            String all = status.encode() + beside.printed();
            assertThat(all)
                    .doesNotContain("ORDER-", "note-of-a-customer", "not-for-anybody", "PRIVATE", ksher.publicKey());

            process.terminate();
            assertThat(process.exitCode(SOON)).as(process.output()).isEqualTo(1);
            assertThat(address()).doesNotExist();
            assertThat(statusCommand().printed()).contains("night-", "OPEN");
        }
    }

    @Test
    void onlyThisMachineReadsAndNobodyWrites() throws Exception {
        try (BatchProcess process = run("run", ANY_PORT)) {
            String page = page(process);
            for (String path : List.of("", "status.html", "status.css", "status.js", "observe/status")) {
                HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(page + path)));
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.headers()
                                .firstValue("Content-Security-Policy")
                                .orElse(""))
                        .as(path)
                        .startsWith("default-src 'none'")
                        .contains("frame-ancestors 'none'");
                assertThat(answer.headers().map())
                        .containsEntry("x-content-type-options", List.of("nosniff"))
                        .containsEntry("cache-control", List.of("no-store"))
                        .containsEntry("cross-origin-resource-policy", List.of("same-origin"))
                        .doesNotContainKey("access-control-allow-origin");
                assertThat(send(HttpRequest.newBuilder(URI.create(page + path)).POST(BodyPublishers.noBody()))
                                .statusCode())
                        .as(path)
                        .isIn(404, 405);
            }
            // A page of another site whose name was given this machine's address.
            String batches = URI.create(Files.readString(address())).getPath();
            for (String path : List.of("/", "/observe/status", batches, "/observe/health", "/observe/metrics")) {
                assertThat(answer(URI.create(page).getPort(), path, "shop.example"))
                        .startsWith("HTTP/1.1 403")
                        .doesNotContain("night-", "journal", "ksher");
            }
            assertThat(answer(URI.create(page).getPort(), batches, "localhost"))
                    .startsWith("HTTP/1.1 200")
                    .contains("night-");
        }
    }

    private static String answer(int port, String path, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            String request =
                    "GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Tag("full")
    @Test
    void withoutAPortItSaysWhatToDoAlsoAfterAProcessWithOneWasKilled() throws Exception {
        try (BatchProcess process = run("killed", ANY_PORT)) {
            page(process);
            BatchProcess.await(() -> statusCommand().exit() == 0, SOON);
            process.kill();
        }
        assertThat(address()).exists();
        assertThat(statusCommand().printed()).contains("night-");
        try (BatchProcess process = run("no-port", Map.of())) {
            int before = ksher.calls().size();
            BatchProcess.await(() -> ksher.calls().size() > before, SOON);

            Cli refused = statusCommand();

            assertThat(refused.exit()).isEqualTo(ExitCode.UNFINISHED.number());
            assertThat(refused.printed()).contains("in use by another process", "batch.management-port=0");
            assertThat(address()).doesNotExist();
        }
    }

    @Test
    void onlyItsOwnerReadsWhereItIsAnsweredAndNobodyElsesAnswerIsPrinted() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        other.createContext("/", exchange -> {
            byte[] body = "a page for every path".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        other.start();
        try (BatchProcess process = run("run", ANY_PORT)) {
            page(process);
            String url = Files.readString(address());
            assertThat(Files.getPosixFilePermissions(address()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(statusCommand().exit()).isZero();

            for (String wrong : List.of(
                    url.replaceFirst("[^/]+$", UUID.randomUUID().toString()),
                    "http://127.0.0.1:" + other.getAddress().getPort()
                            + URI.create(url).getPath(),
                    "no url")) {
                Files.writeString(address(), wrong);
                Cli refused = statusCommand();
                assertThat(refused.exit()).as(wrong).isEqualTo(ExitCode.UNFINISHED.number());
                assertThat(refused.printed())
                        .as(wrong)
                        .contains("in use by another process", "does not answer --status now")
                        .doesNotContain("every path", "An error of this program");
            }
        } finally {
            other.stop(0);
        }
    }

    /** The journal and the broker are away when it starts, come, and go away. */
    @Tag("full")
    @Test
    void whatIsAwayIsSaidFromTheStartAndWhatWasKnownStays() throws Exception {
        int port = TestBroker.freePort();
        Path data = directory.resolve("postgresql");
        int management = TestBroker.freePort();
        String page = "http://127.0.0.1:" + management + "/";
        Path config = TestKsher.config(
                ksher,
                directory.resolve("ksher.properties"),
                Map.of("batch.management-port", String.valueOf(management)));
        String journal = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
        try (TestBroker broker = TestBroker.notStarted(directory.resolve("broker"));
                BatchProcess worker = BatchProcess.start(
                        directory,
                        "worker",
                        "--queue",
                        broker.url(),
                        "--journal",
                        journal,
                        "--config",
                        config.toString(),
                        "--report",
                        "out")) {
            worker.awaitOutput("Trying again until it is there", SOON);
            JsonObject waiting = status(page);
            assertThat(waiting.getString("notStarted")).contains("The journal cannot be opened");
            assertThat(waiting.containsKey("batches")).isFalse();
            assertThat(check(waiting, "journal")).isEqualTo("DOWN");
            assertThat(check(waiting, "broker")).isEqualTo("DOWN");
            assertThat(send(HttpRequest.newBuilder(URI.create(page + "observe/health")))
                            .statusCode())
                    .isEqualTo(503);
            try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(data)
                    .start()) {
                broker.start();
                broker.send(OrderJson.order("b", 1, "close", "ORDER-1"));
                BatchProcess.await(() -> anyOutcomeOfABatch(status(page)), SOON);
                JsonObject working = status(page);
                assertThat(working.getString("notStarted")).isNull();
                assertThat(check(working, "journal")).isEqualTo("UP");
                assertThat(check(working, "broker")).isEqualTo("UP");
                JsonObject batch = working.getJsonArray("batches").getJsonObject(0);
                assertThat(batch.getString("name")).isEqualTo("b");
                assertThat(batch.getString("kind")).isEqualTo("QUEUE");
                assertThat(batch.getValue("total")).isNull();
                assertThat(batch.getLong("received")).isEqualTo(1);
                assertThat(address()).as("PostgreSQL lets --status in").doesNotExist();
                assertThat(Cli.run("--status", "--journal", journal).printed()).contains("b  OPEN", "CLOSED 1");
                assertThat(postgres.getPort()).isEqualTo(port);
            }
            BatchProcess.await(() -> check(status(page), "journal").equals("DOWN"), SOON);
            assertThat(status(page).containsKey("batches")).isFalse();
            assertThat(worker.isAlive()).isTrue();
        }
    }

    private static boolean anyOutcomeOfABatch(JsonObject status) {
        return status.getJsonArray("batches", new JsonArray()).stream()
                .anyMatch(
                        batch -> !((JsonObject) batch).getJsonArray("outcomes").isEmpty());
    }

    private static String check(JsonObject status, String name) {
        return status.getJsonArray("checks").stream()
                .map(JsonObject.class::cast)
                .filter(check -> check.getString("name").equals(name))
                .map(check -> check.getString("state"))
                .findFirst()
                .orElse("");
    }
}
