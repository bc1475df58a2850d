/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherInvalidRequestException;
import io.github.camelksher.support.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Queries whose order number is a value in a header. */
abstract class HeaderValuesTestSupport extends SharedStubTestSupport {

    @TempDir
    static Path folder;

    @BeforeAll
    void succeed() {
        stub.echoing("SUCCESS", Map.of());
    }

    Exchange query(Object number) {
        return camel.call("ksher:gatewayQuery", Map.of("CamelKsherMchOrderNo", number));
    }

    String sent(Object number) {
        assertThat(query(number).getException()).isNull();
        return lastForm().get("mch_order_no");
    }

    /** What the last request sent. */
    Map<String, String> lastForm() {
        List<Http.Request> requests = stub.requests();
        return requests.get(requests.size() - 1).form();
    }

    void refuses(Object value, String why) {
        int before = stub.requests().size();
        Exchange exchange = query(value);
        assertThat(exchange.getException())
                .isInstanceOf(KsherInvalidRequestException.class)
                .hasMessageContaining(why);
        assertThat(stub.requests()).hasSize(before);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Path file(String text) throws IOException {
        Path file = Files.createTempFile(folder, "number", "");
        return Files.writeString(file, text);
    }
}
