/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.reply.QueryReply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.Main;

/**
 * An application with the routes of the guide, in Java
 * or in YAML, and the ends that a shop would have.
 */
final class Shop implements AutoCloseable {

    enum Dsl {
        JAVA,
        YAML
    }

    /** What a delivery does. */
    interface Delivery {
        void of(QueryReply paid) throws Exception;
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final Orders orders = new Orders();
    final List<QueryReply> delivered = new CopyOnWriteArrayList<>();
    /** Keyed by order and reason, as the tickets of a person would be. */
    final Set<String> tickets = new ConcurrentSkipListSet<>();

    volatile Delivery delivery = paid -> {};

    private final Main main = new Main();

    Shop(Dsl dsl, Path settled, Map<String, String> component) throws Exception {
        main.setDefaultPropertyPlaceholderLocation("classpath:application.properties");
        component.forEach(main::addOverrideProperty);
        main.addOverrideProperty("camel.server.port", "0");
        // Or a stop waits for the end of a second in which nothing came.
        main.addOverrideProperty("camel.component.seda.default-poll-timeout", "20");
        main.addOverrideProperty("paid.settled", settled.toString());
        main.bind("orders", orders);
        if (dsl == Dsl.JAVA) {
            main.configure().addRoutesBuilder(new PaidRoutes(orders, settled.toFile()));
        } else {
            main.configure().withRoutesIncludePattern("classpath:paid.yaml");
        }
        main.configure().addRoutesBuilder(new Ends());
        main.start();
    }

    URI url() {
        VertxPlatformHttpServer server = main.getCamelContext().hasService(VertxPlatformHttpServer.class);
        return URI.create("http://127.0.0.1:" + server.getPort() + "/ksher/paid");
    }

    HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
        return HTTP.send(request(body, "text/plain;charset=utf-8"), BodyHandlers.ofString());
    }

    HttpResponse<String> post(byte[] body, String contentType) throws IOException, InterruptedException {
        return HTTP.send(request(body, contentType), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> postLater(byte[] body) {
        return HTTP.sendAsync(request(body, "text/plain;charset=utf-8"), BodyHandlers.ofString());
    }

    HttpResponse<String> get() throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(url()).build(), BodyHandlers.ofString());
    }

    private HttpRequest request(byte[] body, String contentType) {
        return HttpRequest.newBuilder(url())
                .header("Content-Type", contentType)
                .header("X-Of-The-Caller", "not to be echoed")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    /** How many notifications are on their way through the route at this moment. */
    int underWay() {
        return main.getCamelContext().getInflightRepository().size("paid");
    }

    List<String> deliveredOrders() {
        return delivered.stream().map(QueryReply::mchOrderNo).toList();
    }

    /** The shop asks Ksher itself, and finds the order paid. */
    void query(String order) throws Exception {
        ProducerTemplate camel = main.getCamelTemplate();
        QueryReply reply = camel.requestBodyAndHeader(
                "ksher:gatewayQuery", null, KsherConstants.MCH_ORDER_NO, order, QueryReply.class);
        assertThat(reply.result().isPaid()).isTrue();
        camel.requestBody("seda:settle", reply);
    }

    @Override
    public void close() {
        main.stop();
    }

    private final class Ends extends RouteBuilder {

        @Override
        public void configure() {
            from("direct:deliver").process(exchange -> {
                QueryReply paid = exchange.getMessage().getBody(QueryReply.class);
                delivery.of(paid);
                delivered.add(paid);
            });
            from("direct:person").process(exchange -> tickets.add(ticket(exchange)));
        }

        private String ticket(Exchange exchange) {
            QueryReply paid = exchange.getMessage().getBody(QueryReply.class);
            return paid.mchOrderNo() + " " + exchange.getProperty("verdict", String.class);
        }
    }
}
