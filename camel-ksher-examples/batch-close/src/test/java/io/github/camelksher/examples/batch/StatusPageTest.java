/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
                    () -> !status(page).getJsonArray("outcomes").isEmpty()
                            && status(page).getInteger("callsInFlight") > 0,
                    SOON);

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
                        .doesNotContainKey("access-control-allow-origin");
                assertThat(send(HttpRequest.newBuilder(URI.create(page + path)).POST(BodyPublishers.noBody()))
                                .statusCode())
                        .as(path)
                        .isIn(404, 405);
            }
            // A page of another site whose name was given this machine's address.
            for (String path : List.of("/", "/observe/status", "/observe/batches")) {
                assertThat(answer(URI.create(page).getPort(), path, "shop.example"))
                        .startsWith("HTTP/1.1 403")
                        .doesNotContain("night-");
            }
            assertThat(answer(URI.create(page).getPort(), "/observe/batches", "localhost"))
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
            assertThat(refused.printed()).contains("in use by another process", "batch.management-port");
            assertThat(address()).doesNotExist();
        }
    }
}
