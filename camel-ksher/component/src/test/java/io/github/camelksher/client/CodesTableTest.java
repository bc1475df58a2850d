/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.OrderState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables "Codes and results" of the component page say what {@link Failures}
 * and {@link OrderState} do.
 */
class CodesTableTest {

    private static final Path PAGE = Path.of("../../docs/ksher-component.adoc");

    /** A row: its operations, its answers, and its other cells. */
    record Row(List<String> operations, List<String> answers, boolean retryable, boolean outcomeUnknown) {}

    private static List<List<String>> table(String name) {
        try {
            String page = Files.readString(PAGE);
            return page.substring(page.indexOf("// " + name + ": START"), page.indexOf("// " + name + ": END"))
                    .lines()
                    .filter(line -> line.startsWith("| "))
                    .skip(1)
                    .map(line -> Arrays.stream(line.substring(2).split(" \\| "))
                            .map(String::strip)
                            .toList())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Row> codes() {
        return table("codes").stream()
                .map(cells -> new Row(
                        List.of(cells.get(0).split(", ")),
                        List.of(cells.get(1).split(", ")),
                        isYes(cells.get(3)),
                        isYes(cells.get(4))));
    }

    private static boolean isYes(String cell) {
        assertThat(cell).isIn("yes", "no");
        return cell.equals("yes");
    }

    @ParameterizedTest
    @MethodSource("codes")
    void saysWhetherToRepeatAndWhetherTheOutcomeIsKnown(Row row) {
        for (String operation : row.operations()) {
            for (String answer : row.answers()) {
                KsherException failure = failure(KsherOperation.valueOf(operation), answer);
                assertThat(failure.isRetryable()).as(operation + " " + answer).isEqualTo(row.retryable());
                assertThat(failure.isOutcomeUnknown())
                        .as(operation + " " + answer)
                        .isEqualTo(row.outcomeUnknown());
            }
        }
    }

    private static KsherException failure(KsherOperation operation, String answer) {
        Failures failures = new Failures(new OrderRequest(operation).with(Parameter.MCH_ORDER_NO, "A-1"));
        if (answer.startsWith("code ")) {
            return failures.rejected(Integer.parseInt(answer.substring(5)), "m");
        }
        if (answer.startsWith("err_code ")) {
            return failures.result("FAIL", answer.substring(9), "m");
        }
        return switch (answer) {
            case "any other code" -> failures.rejected(99_999, "m");
            case "any other err_code" -> failures.result("FAIL", "NEW_ERROR", "m");
            case "any other result" -> failures.result("NEW_RESULT", null, null);
            default -> throw new IllegalArgumentException(answer);
        };
    }

    @Test
    void namesEveryCodeThatKsherDocuments() {
        assertThat(answers("gatewayQuery")).contains("code -1", "code -2", "code -3", "code -4", "code -100");
        assertThat(answers("gatewayCancel")).contains("code -1", "code -2", "code -3", "code -4", "code -5", "code -6");
        for (KsherOperation call : KsherOperation.calls()) {
            assertThat(answers(call.name()))
                    .contains(
                            "any other code",
                            "any other err_code",
                            "err_code KSHER_INVALID_ORDER_NO",
                            "err_code KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS",
                            "err_code PAYMENT_IN_PROCESS",
                            "err_code SYSTEMERROR");
        }
    }

    private static Set<String> answers(String operation) {
        Set<String> answers = new TreeSet<>();
        codes().filter(row -> row.operations().contains(operation)).forEach(row -> answers.addAll(row.answers()));
        return answers;
    }

    @Test
    void saysOfEachStateWhetherItIsOpenPaidAndFinal() {
        List<String> named = new ArrayList<>();
        for (List<String> cells : table("states")) {
            OrderState state = OrderState.of(cells.get(0).equals("any other") ? "NEW" : cells.get(0));
            assertThat(state.isOpen()).as("open: " + state).isEqualTo(isYes(cells.get(2)));
            assertThat(state.isPaid()).as("paid: " + state).isEqualTo(isYes(cells.get(3)));
            assertThat(state.isFinal()).as("final: " + state).isEqualTo(isYes(cells.get(4)));
            named.add(state.toString());
        }
        assertThat(named)
                .containsExactlyInAnyOrder(
                        "SUCCESS",
                        "CLOSED",
                        "REFUND",
                        "NOTPAY",
                        "NOTSURE",
                        "USERPAYING",
                        "PENDING",
                        "PAYERROR",
                        "FAIL",
                        "NEW");
    }
}
