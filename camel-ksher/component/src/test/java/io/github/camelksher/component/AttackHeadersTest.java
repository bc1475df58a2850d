/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.converter.stream.FileInputStreamCache;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttackHeadersTest {

    @TempDir
    static Path folder;

    /** setHeader(MCH_ORDER_NO, body()) and then a multicast in parallel, or a wireTap: all copies share the header's cache. */
    @ParameterizedTest
    @ValueSource(strings = {"memory", "reader", "file"})
    void parallelBranchesNameTheSameOrder(String kind) throws Exception {
        try (KsherStub stub = new KsherStub().echoing("SUCCESS", Map.of());
                Camel camel = new Camel(stub)) {
            camel.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("direct:in")
                            .multicast()
                            .parallelProcessing()
                            .to("direct:a", "direct:b", "direct:c", "direct:d");
                    for (String branch : new String[] {"a", "b", "c", "d"}) {
                        from("direct:" + branch)
                                .doTry()
                                .to("ksher:gatewayCancel")
                                .doCatch(Exception.class);
                    }
                }
            });
            int rounds = 1000;
            for (int i = 0; i < rounds; i++) {
                StreamCache cache = kind.equals("memory")
                        ? new InputStreamCache("12".getBytes(StandardCharsets.UTF_8))
                        : kind.equals("reader")
                                ? new ReaderCache("12")
                                : new FileInputStreamCache(Files.writeString(folder.resolve("n" + i), "12")
                                        .toFile());
                camel.context().createProducerTemplate().request("direct:in", e -> {
                    e.getMessage().setBody(cache);
                    e.getMessage().setHeader("CamelKsherMchOrderNo", cache);
                });
            }
            Map<String, Integer> sent = new TreeMap<>();
            for (Http.Request request : stub.requests()) {
                sent.merge(request.form().get("mch_order_no"), 1, Integer::sum);
            }
            assertThat(sent).containsOnly(Map.entry("12", 4 * rounds));
        }
    }

    record Holder(String id) {}

    static class Outer {
        /** As Lombok prints a nested class. */
        static class Id {
            @Override
            public String toString() {
                return "Outer.Id(number=A-1)";
            }
        }

        /** As Hibernate and CGLIB make subclasses. */
        static class Proxy extends OrderId {}
    }

    static class OrderId {
        @Override
        public String toString() {
            return "OrderId(number=A-1)";
        }
    }

    @Test
    void whatIsNoText() throws Exception {
        try (KsherStub stub = new KsherStub().echoing("SUCCESS", Map.of());
                Camel camel = new Camel(stub)) {
            Map<String, Object> values = new TreeMap<>();
            values.put("nested lombok", new Outer.Id());
            values.put("proxy subclass", new Outer.Proxy());
            values.put("class", Holder.class);
            values.put("entry", Map.entry("a", 5L));
            values.put("lambda", (Runnable) () -> {});
            values.put("supplier", (java.util.function.Supplier<String>) () -> "A-1");
            values.put("int[]", new int[] {1, 2});
            values.put("Date", new java.util.Date(0));
            values.put("bitset", java.util.BitSet.valueOf(new byte[] {3}));
            values.put("instant", java.time.Instant.EPOCH);
            values.put("thread", Thread.currentThread());
            values.put("charseq null", new CharSequence() {
                public int length() {
                    return 0;
                }

                public char charAt(int i) {
                    return 'x';
                }

                public CharSequence subSequence(int a, int b) {
                    return this;
                }

                public String toString() {
                    return null;
                }
            });
            values.put(
                    "exchange",
                    camel.context().getEndpoint("ksher:gatewayQuery").createExchange());
            values.put(
                    "message",
                    camel.context()
                            .getEndpoint("ksher:gatewayQuery")
                            .createExchange()
                            .getMessage());
            values.put("context", camel.context());
            values.put("exception", new Exception("A-1"));
            values.put("boolean", true);
            values.put("bytes BOM", "\uFEFFA-1".getBytes(StandardCharsets.UTF_8));
            values.put("expr", camel.context().resolveLanguage("simple").createExpression("A-1"));
            Map<String, String> out = new TreeMap<>();
            values.forEach((name, value) -> {
                int before = stub.requests().size();
                Exchange exchange = camel.call("ksher:gatewayQuery", Map.of("CamelKsherMchOrderNo", value));
                out.put(
                        name,
                        stub.requests().size() > before
                                ? "SENT " + stub.requests().get(before).form().get("mch_order_no")
                                : String.valueOf(exchange.getException()));
            });
            out.forEach((k, v) -> System.out.println("HV " + k + " -> " + v));
        }
    }
}
