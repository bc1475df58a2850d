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
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Serves the status page and what it asks for. Everything can be read only. */
final class StatusPage {

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
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    private final boolean forThisMachineOnly;

    private StatusPage(String host) {
        this.forThisMachineOnly = isLoopback(host);
    }

    /**
     * Serves it, and lets the whole server answer only those who are meant.
     *
     * @param host where the server listens
     * @return the path of what {@code --status} asks for; nobody can guess it
     */
    static String serve(Router router, String host, Status status) {
        StatusPage page = new StatusPage(host);
        router.route().order(-1).handler(page::admit);
        file(router, "/", "status.html");
        FILES.keySet().forEach(name -> file(router, "/" + name, name));
        get(router, STATUS, "application/json", () -> status.now().encode());
        String batches = "/observe/batches/" + UUID.randomUUID();
        get(router, batches, TEXT, status::list);
        return batches;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static void file(Router router, String path, String name) {
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
        String read() throws InterruptedException, TimeoutException;
    }

    private static void get(Router router, String path, String type, Content content) {
        // On a thread that may wait for the journal.
        router.get(path).blockingHandler(call -> answer(call, type, content), false);
    }

    private static void answer(RoutingContext call, String type, Content content) {
        HEADERS.forEach(call.response()::putHeader);
        try {
            String text = content.read();
            call.response().putHeader("Content-Type", type).end(text);
        } catch (JournalException e) {
            refuse(call, 503, e.getMessage());
        } catch (TimeoutException e) {
            refuse(call, 503, "The journal or the broker keeps this waiting.");
        } catch (InterruptedException e) {
            call.fail(e);
        }
    }

    private static void refuse(RoutingContext call, int status, @Nullable String why) {
        call.response().setStatusCode(status).putHeader("Content-Type", TEXT).end(why + "\n");
    }

    private void admit(RoutingContext call) {
        if (isMeant(call.request().authority())) {
            call.next();
        } else {
            refuse(call, 403, "Use the address 127.0.0.1.");
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
