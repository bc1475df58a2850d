/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherInvalidRequestException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract's failure table, over a real socket: every refusal, for every operation
 * that can have it.
 */
class RefusalMatrixTest extends SharedStubTestSupport {

    /** The matrix takes them from the code, so they are said here once more. */
    @Test
    void theOperationsAreWhatTheContractSays() {
        assertThat(KsherOperation.calls())
                .filteredOn(KsherOperation::isCommand)
                .contains(KsherOperation.orderClose, KsherOperation.gatewayCancel)
                .doesNotContain(KsherOperation.orderQuery, KsherOperation.gatewayQuery);
        assertThat(KsherOperation.calls())
                .filteredOn(call -> call.api() == KsherOperation.Api.KSHER_PAY)
                .contains(KsherOperation.orderClose, KsherOperation.orderQuery)
                .doesNotContain(KsherOperation.gatewayCancel, KsherOperation.gatewayQuery);
    }

    @ParameterizedTest
    @MethodSource("io.github.camelksher.component.RefusalRows#all")
    void refuses(RefusalRows.Row row) {
        stub.answering(row.answer());
        int before = stub.requests().size();

        Map<String, Object> headers = new HashMap<>(Map.of("CamelKsherMchOrderNo", "A-1", "mine", "kept"));
        headers.put("CamelKsherCode", 17);
        headers.put("CamelKsherResult", "left over");
        headers.put("CamelKsherErrorCode", "left over");
        headers.put("CamelKsherSigned", true);
        Exchange exchange = camel.call("ksher:" + row.operation() + "?" + row.options(), headers);

        KsherException failure = exchange.getException(KsherException.class);
        assertThat(failure).isInstanceOf(row.type());
        assertThat(failure.isRetryable()).as("retryable").isEqualTo(row.retryable());
        boolean command = KsherOperation.valueOf(row.operation()).isCommand();
        boolean unknown = command && row.commandUnknown();
        assertThat(failure.isOutcomeUnknown()).as("outcome unknown").isEqualTo(unknown);
        assertThat(failure.getOperation()).isEqualTo(row.operation());
        assertThat(failure.getOrder()).isEqualTo("A-1");
        assertThat(failure).hasMessageContaining("A-1").hasMessageContaining(row.operation());
        row.also().accept(failure);

        assertThat(exchange.getMessage().getBody()).isEqualTo("the body before");
        Map<String, Object> expected = new HashMap<>(row.out());
        expected.put("CamelKsherMchOrderNo", "A-1");
        expected.put("mine", "kept");
        Map<String, Object> actual = new HashMap<>(exchange.getMessage().getHeaders());
        if (!row.out().containsKey("CamelKsherMessage")) {
            actual.remove("CamelKsherMessage");
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(stub.requests()).as("sent once").hasSize(before + 1);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void sendsNothingForInvalidRequest(String operation, Map<String, Object> headers, String hint) {
        int before = stub.requests().size();
        Exchange exchange = camel.call("ksher:" + operation, headers);
        KsherException failure = exchange.getException(KsherException.class);
        assertThat(failure).isInstanceOf(KsherInvalidRequestException.class).hasMessageContaining(hint);
        assertThat(failure.isRetryable()).isFalse();
        assertThat(failure.isOutcomeUnknown()).isFalse();
        assertThat(exchange.getMessage().getBody()).isEqualTo("the body before");
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKeys("CamelKsherCode", "CamelKsherSigned");
        assertThat(stub.requests()).hasSize(before);
    }

    static Stream<Arguments> invalid() {
        List<Arguments> rows = new ArrayList<>();
        for (String operation : RefusalRows.ALL) {
            rows.add(Arguments.of(operation, Map.of(), "CamelKsherMchOrderNo"));
            rows.add(Arguments.of(operation, Map.of("CamelKsherMchOrderNo", " \t "), "CamelKsherMchOrderNo"));
            rows.add(Arguments.of(operation, Map.of("CamelKsherMchOrderNo", "x".repeat(33)), "33 characters"));
            rows.add(Arguments.of(operation, Map.of("CamelKsherMchOrderNo", "A\n1"), "control character"));
            rows.add(Arguments.of(operation, Map.of("CamelKsherMchOrderNo", "A\u0085"), "control character"));
            rows.add(Arguments.of(operation, Map.of("CamelKsherMchOrderNo", "A\uD83D"), "unpaired surrogate"));
            rows.add(
                    Arguments.of(operation, Map.of("CamelKsherMchOrderNo", List.of("A", "B")), "CamelKsherMchOrderNo"));
            rows.add(Arguments.of(operation, Map.of("CamelKsherMchOrderNo", new Object()), "CamelKsherMchOrderNo"));
        }
        for (Object number : new Object[] {
            1592911660.0, 1592911660f, new BigDecimal("1.5"), new BigDecimal("1E+1000000"), new LongAdder()
        }) {
            rows.add(Arguments.of("orderClose", Map.of("CamelKsherMchOrderNo", number), "whole number"));
        }
        rows.add(Arguments.of("orderClose", Map.of("CamelKsherMchOrderNo", 1592911660.0), "1.59291166E9"));
        rows.add(Arguments.of("orderQuery", Map.of("CamelKsherChannelOrderNo", "9".repeat(65)), "65 characters"));
        rows.add(Arguments.of("orderQuery", Map.of("CamelKsherKsherOrderNo", "9".repeat(33)), "33 characters"));
        rows.add(Arguments.of("gatewayQuery", Map.of("CamelKsherKsherOrderNo", "9"), "CamelKsherMchOrderNo"));
        rows.add(Arguments.of(
                "orderClose",
                Map.of("CamelKsherMchOrderNo", "A", "CamelKsherOperatorId", "x".repeat(33)),
                "operator_id"));
        rows.add(Arguments.of(
                "orderQuery", Map.of("CamelKsherMchOrderNo", "A", "CamelKsherChannel", "x".repeat(33)), "channel"));
        return rows.stream();
    }

    @Test
    void nothingWasSentWhenTheConnectionIsRefused() throws IOException {
        KsherStub gone = new KsherStub();
        gone.close();
        try (Camel offline = new Camel(gone)) {
            for (String operation : RefusalRows.ALL) {
                KsherException failure =
                        offline.call("ksher:" + operation, "A-1").getException(KsherException.class);
                assertThat(failure).isInstanceOf(KsherTransportException.class);
                assertThat(failure.isRetryable()).isTrue();
                assertThat(failure.isOutcomeUnknown()).isFalse();
            }
        }
    }
}
