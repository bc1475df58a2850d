/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.journal.JournalException;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Serves the status page and what it asks for. Everything can be read only. */
final class StatusPage {

    /** What {@code --status} asks for. */
    static final String BATCHES = "/observe/batches";

    private static final String STATUS = "/observe/status";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Map<String, String> FILES = Map.of(
            "status.html", "text/html; charset=utf-8",
            "status.css", "text/css; charset=utf-8",
            "status.js", "text/javascript; charset=utf-8");

    /** Nothing is loaded from elsewhere, and no other page shows this one. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    private final boolean forThisMachineOnly;

    private StatusPage(String host) {
        this.forThisMachineOnly = isLoopback(host);
    }

    /** @param host where the server listens */
    static void serve(Router router, String host, Status status) {
        StatusPage page = new StatusPage(host);
        page.file(router, "/", "status.html");
        FILES.keySet().forEach(name -> page.file(router, "/" + name, name));
        page.get(router, STATUS, "application/json", () -> status.now().encode());
        page.get(router, BATCHES, TEXT, status::list);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private void file(Router router, String path, String name) {
        String text = read(name);
        get(router, path, FILES.getOrDefault(name, TEXT), () -> text);
    }

    private static String read(String name) {
        try (InputStream in = StatusPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Content {
        String read() throws InterruptedException, ExecutionException;
    }

    private void get(Router router, String path, String type, Content content) {
        // On a thread that may wait for the journal.
        router.get(path).blockingHandler(call -> answer(call, type, content), false);
    }

    private void answer(RoutingContext call, String type, Content content) {
        HEADERS.forEach(call.response()::putHeader);
        if (!isMeant(call.request().authority())) {
            call.response().setStatusCode(403).putHeader("Content-Type", TEXT).end("Use the address 127.0.0.1.\n");
            return;
        }
        try {
            String text = content.read();
            call.response().putHeader("Content-Type", type).end(text);
        } catch (JournalException e) {
            call.response().setStatusCode(503).putHeader("Content-Type", TEXT).end(e.getMessage() + "\n");
        } catch (InterruptedException | ExecutionException e) {
            call.fail(e);
        }
    }

    /**
     * A web page elsewhere can give its own name this machine's address, and so read what is served
     * here. Its calls still have its name.
     */
    private boolean isMeant(@Nullable HostAndPort asked) {
        return !forThisMachineOnly || (asked != null && asked.host().matches("localhost|127\\.[0-9.]+|\\[::1]|::1"));
    }
}
