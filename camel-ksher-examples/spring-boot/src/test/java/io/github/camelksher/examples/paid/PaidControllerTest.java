/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.paid;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.reply.PaymentNotification;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.Notification;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Notifications through Spring's controller, over real HTTP, from the simulator. */
class PaidControllerTest {

    private static final String ATTACH = "1+1=2&x=%41%zz+ ซ";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<PaymentNotification> DELIVERED = new CopyOnWriteArrayList<>();

    private static boolean outOfStock;
    private static KsherSimulator ksher;
    private static ConfigurableApplicationContext shop;

    @SpringBootApplication
    static class Shop {

        @Bean
        RouteBuilder settle() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("seda:settle").errorHandler(noErrorHandler()).process(exchange -> {
                        if (outOfStock) {
                            throw new IOException("out of stock");
                        }
                        DELIVERED.add(exchange.getMessage().getBody(PaymentNotification.class));
                    });
                }
            };
        }
    }

    @BeforeAll
    static void start() throws IOException {
        ksher = KsherSimulator.builder().queryInterval(Duration.ofMillis(100)).start();
        Stream<String> component = ksher.componentProperties("--camel.component.ksher.").entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue());
        shop = SpringApplication.run(
                Shop.class,
                Stream.concat(component, Stream.of("--server.port=0")).toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        shop.close();
        ksher.close();
    }

    @BeforeEach
    void open() {
        ksher.reset();
        DELIVERED.clear();
        outOfStock = false;
        // Opened as paid: nobody is notified until the test says so.
        ksher.open(KsherOrder.gateway("A-1")
                .attach(ATTACH)
                .state(KsherOrder.State.SUCCESS)
                .notifyUrl(url().toString()));
    }

    private static URI url() {
        return URI.create(
                "http://127.0.0.1:" + shop.getEnvironment().getRequiredProperty("local.server.port") + "/ksher/paid");
    }

    private static HttpResponse<String> post(byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url()).POST(BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /** What Ksher would POST. */
    private static byte[] notification() throws IOException {
        HttpServer merchant = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        AtomicReference<byte[]> body = new AtomicReference<>();
        merchant.createContext("/", exchange -> {
            body.set(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        merchant.start();
        ksher.open(KsherOrder.gateway("A-3")
                .attach(ATTACH)
                .state(KsherOrder.State.SUCCESS)
                .notifyUrl("http://127.0.0.1:" + merchant.getAddress().getPort()));
        ksher.notifyNow("A-3");
        merchant.stop(0);
        return body.get();
    }

    @Test
    void isDeliveredUntouchedAndAnsweredOk() {
        assertThat(ksher.notifyNow("A-1").accepted()).isTrue();
        assertThat(DELIVERED).extracting(PaymentNotification::mchOrderNo).containsExactly("A-1");
        assertThat(DELIVERED).extracting(PaymentNotification::attach).containsExactly(ATTACH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain;charset=utf-8",
                "text/plain;charset=iso-8859-1",
                "application/json",
                "application/x-www-form-urlencoded"
            })
    void isTakenUntouchedWhateverItsContentTypeAndWhateverTheCallerAccepts(String type) throws Exception {
        HttpResponse<String> answer = post(notification(), "Content-Type", type, "Accept", "application/xml");
        assertThat(answer.body()).isEqualTo(KsherConstants.NOTIFICATION_OK);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(DELIVERED).extracting(PaymentNotification::attach).containsExactly(ATTACH);
    }

    @Test
    void whatIsTooLargeIsRefused() throws Exception {
        assertThat(post(new byte[2_000_000]).statusCode()).isEqualTo(400);
    }

    @Test
    void aForgedOneIsRefusedWithoutAWord() throws Exception {
        for (Fault fault : List.of(Fault.badSignature(), Fault.missingSignature(), Fault.truncated())) {
            assertThat(ksher.notifyNow("A-1", fault).status()).isEqualTo(400);
        }
        HttpResponse<String> answer = post("result=SUCCESS".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEmpty();
        assertThat(post(new byte[0]).statusCode()).isEqualTo(400);
        assertThat(DELIVERED).isEmpty();
    }

    @Test
    void aDeliveryThatFailsIsNotAnsweredOk() {
        outOfStock = true;
        assertThat(ksher.notifyNow("A-1").status()).isEqualTo(500);
        outOfStock = false;
        assertThat(ksher.notifyNow("A-1").accepted()).isTrue();
        assertThat(DELIVERED).hasSize(1);
    }

    @Test
    void ksherRepeatsWhatWasNotAnsweredOk() {
        outOfStock = true;
        ksher.open(KsherOrder.gateway("A-2").notifyUrl(url().toString()));
        ksher.pay("A-2");
        while (ksher.notifications().size() < 2) {
            Thread.onSpinWait();
        }
        outOfStock = false;
        while (ksher.notifications().stream().noneMatch(Notification::accepted)) {
            Thread.onSpinWait();
        }
        assertThat(DELIVERED).extracting(PaymentNotification::mchOrderNo).containsExactly("A-2");
    }
}
