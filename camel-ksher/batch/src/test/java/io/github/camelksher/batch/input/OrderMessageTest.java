/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.input.OrderMessage.Order;
import io.github.camelksher.batch.input.OrderMessage.Total;
import io.github.camelksher.batch.life.RowOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderMessageTest {

    private static OrderRow row(String json) throws BadMessageException {
        return ((Order) OrderMessage.parse(json)).row();
    }

    @Test
    void anOrderHasTheNamesOfTheColumns() throws BadMessageException {
        assertThat(
                        OrderMessage.parse(
                                """
                {"batch":"night-7","line":2,"operation":"close","mch_order_no":"A1","ksher_order_no":"K","channel_order_no":"C",
                 "channel":"wechat"}"""))
                .isEqualTo(new Order(
                        "night-7",
                        order(2).operation("close")
                                .mchOrderNo("A1")
                                .ksherOrderNo("K")
                                .channelOrderNo("C")
                                .channel("wechat")
                                .build()));
    }

    @Test
    void aTotalIsAWholeNumberFromNothing() throws BadMessageException {
        assertThat(OrderMessage.parse("{\"batch\":\"b\",\"total\":0}")).isEqualTo(new Total("b", 0));
        assertThat(OrderMessage.parse("{\"total\":12345678901,\"batch\":\"b\"}"))
                .isEqualTo(new Total("b", 12_345_678_901L));
    }

    @Test
    void wholeNumbersAreTakenAsTheTextOfTheirDigits() throws BadMessageException {
        String json = "{\"batch\":\"b\",\"line\":1,\"operation\":\"cancel\",\"mch_order_no\":"
                + "12345678901234567890123456789012,\"ksher_order_no\":7}";
        OrderRow row = row(json);
        assertThat(Cells.mchOrderNo(row)).isEqualTo("12345678901234567890123456789012");
        assertThat(Cells.ksherOrderNo(row)).isEqualTo("7");
        assertThat(row.problem()).isNull();
    }

    @Test
    void nullAndWhatIsMissingAreNothing() throws BadMessageException {
        OrderRow row = row("{\"batch\":\"b\",\"line\":1,\"operation\":\"close\",\"mch_order_no\":null,"
                + "\"ksher_order_no\":\"K\"}");
        assertThat(row).isEqualTo(order(1).operation("close").ksherOrderNo("K").build());
        assertThat(row.problem()).isNull();
    }

    @Test
    void whatIsInOtherIsCarriedInItsOrder() throws BadMessageException {
        OrderRow row = row("{\"batch\":\"b\",\"line\":1,\"operation\":\"close\",\"mch_order_no\":\"A\","
                + "\"other\":{\"remark\":\"x\",\"amount\":12,\"a\":null,\"mch_order_no\":\"B\"}}");
        assertThat(Cells.mchOrderNo(row)).isEqualTo("A");
        assertThat(row.others()).isEqualTo(Map.of("remark", "x", "amount", "12", "a", "", "mch_order_no", "B"));
        assertThat(row.others().keySet()).containsExactly("remark", "amount", "a", "mch_order_no");
        Order order = new Order("b", row);
        assertThat(OrderMessage.parse(order.toJson())).isEqualTo(order);
        assertThat(row("{\"batch\":\"b\",\"line\":1,\"operation\":\"close\",\"mch_order_no\":\"A\",\"other\":null}")
                        .others())
                .isEmpty();
    }

    @Test
    void fieldsOfOthersAreLeftAlone() throws BadMessageException {
        OrderRow row = row("{\"batch\":\"b\",\"line\":1,\"operation\":\"close\",\"mch_order_no\":\"A\","
                + "\"amount\":1.5,\"more\":{\"line\":[2,{\"x\":null}]},\"MCH_ORDER_NO\":\"B\"}");
        assertThat(row).isEqualTo(order(1).operation("close").mchOrderNo("A").build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"operation\":\"pay\",\"mch_order_no\":\"A\"",
                "\"operation\":\"check\",\"mch_order_no\":\"A\"",
                "\"operation\":null,\"mch_order_no\":\"A\"",
                "\"mch_order_no\":\"A\"",
                "\"operation\":\"close\"",
                "\"operation\":\"close\",\"mch_order_no\":\" \"",
                "\"operation\":\"cancel\",\"ksher_order_no\":\"K\"",
                "\"operation\":\"close\",\"mch_order_no\":\"123456789012345678901234567890123\"",
                "\"operation\":\"close\",\"mch_order_no\":\"A\\u0000\"",
                "\"operation\":\"close\",\"mch_order_no\":\"A\\ud800\"",
                "\"operation\":\"close\",\"mch_order_no\":\"A\",\"channel\":\"123456789012345678901234567890123\""
            })
    void anOrderThatCannotBeWorkedOnIsARowToReportAndNoBadMessage(String fields) throws BadMessageException {
        assertThat(row("{\"batch\":\"b\",\"line\":1," + fields + "}").problem()).isNotEmpty();
    }

    static List<String> bad() {
        List<String> bad = new ArrayList<>(List.of(
                "",
                " ",
                "MARKER",
                "null",
                "7",
                "true",
                "\"MARKER\"",
                "[]",
                "[{\"batch\":\"b\",\"total\":1}]",
                "{",
                "{\"batch\":\"b\",\"total\":1",
                "{'batch':'b','total':1}",
                "{batch:\"b\",total:1}",
                "{\"batch\":\"b\",\"total\":1} MARKER",
                "{\"batch\":\"b\",\"total\":1}{\"batch\":\"b\",\"total\":1}",
                "{\"batch\":\"b\",\"total\":1,}",
                "{\"batch\":\"b\",\"total\":1/**/}",
                "{\"batch\":\"b\",\"batch\":\"b\",\"total\":1}",
                "{\"batch\":\"b\",\"line\":1,\"mch_order_no\":\"A\",\"mch_order_no\":\"A\"}",
                "{\"batch\":\"b\",\"line\":1,\"x\":{\"y\":1,\"y\":2}}",
                "{\"batch\":\"b\"}",
                "{\"batch\":\"b\",\"line\":1,\"total\":1}",
                "{\"batch\":\"b\",\"line\":1,\"total\":null}",
                "[".repeat(100_000),
                "{\"batch\":\"b\",\"line\":1,\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                "{\"batch\":\"b\",\"line\":" + "9".repeat(5_000) + "}"));
        for (String batch : List.of(
                "null",
                "7",
                "\"\"",
                "\" \"",
                "\"a b\"",
                "\"a/b\"",
                "\"../MARKER\"",
                "\"a\\\\b\"",
                "\"a\\n\"",
                "\"a\\u0000\"",
                "\"\u0e44\u0e17\u0e22\"",
                "\"" + "b".repeat(65) + "\"",
                "[\"b\"]",
                "{\"b\":1}")) {
            bad.add("{\"batch\":" + batch + ",\"total\":1}");
        }
        bad.add("{\"total\":1}");
        for (String number : List.of(
                "null", "-1", "1.5", "1.0", "1e3", "\"1\"", "true", "[1]", "{}", "9223372036854775808", "NaN", "01")) {
            bad.add("{\"batch\":\"b\",\"total\":" + number + "}");
            bad.add("{\"batch\":\"b\",\"line\":" + number + ",\"operation\":\"close\",\"mch_order_no\":\"A\"}");
        }
        bad.add("{\"batch\":\"b\",\"line\":0,\"operation\":\"close\",\"mch_order_no\":\"A\"}");
        for (String name :
                List.of("operation", "mch_order_no", "ksher_order_no", "channel_order_no", "channel", "problem")) {
            for (String value : List.of("1.5", "true", "[]", "[\"MARKER\"]", "{}", "{\"MARKER\":1}")) {
                bad.add("{\"batch\":\"b\",\"line\":1,\"" + name + "\":" + value + "}");
            }
        }
        for (String other : List.of("1", "\"MARKER\"", "[]", "{\"MARKER\":[]}", "{\"MARKER\":1.5}", "{\"x\":{}}")) {
            bad.add("{\"batch\":\"b\",\"line\":1,\"other\":" + other + "}");
        }
        for (String problem : List.of("a\\nb", "a\\u0000", "a\\ud800", "x".repeat(301))) {
            bad.add("{\"batch\":\"b\",\"line\":1,\"problem\":\"" + problem + "\"}");
        }
        return bad;
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsNoSuchObjectIsRefusedAndNotQuoted(String json) {
        assertThatExceptionOfType(BadMessageException.class)
                .isThrownBy(() -> OrderMessage.parse(json))
                .satisfies(e -> assertThat(e.getMessage()).isNotEmpty().doesNotContain("MARKER"))
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "b",
                "A.b_c-9",
                ".",
                "..",
                "-",
                "1234567890123456789012345678901234567890123456789012345678901234"
            })
    void aBatchIsCalledAlmostAnythingThatIsAFileName(String batch) throws BadMessageException {
        assertThat(OrderMessage.parse("{\"batch\":\"" + batch + "\",\"total\":1}")
                        .batch())
                .isEqualTo(batch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A1", "\"", "\\", "\u0e44\u0e17\u0e22 \ud83d\ude00", "=1+1", " A ", "<&>", "{{x}}"})
    void whatIsSentIsReadAsItWas(String number) throws BadMessageException {
        Order order = new Order(
                "b-1",
                order(9_000_000_000L)
                        .operation(" close ")
                        .mchOrderNo(number)
                        .channelOrderNo(number)
                        .channel("x")
                        .build());
        assertThat(OrderMessage.parse(order.toJson())).isEqualTo(order);
        Total total = new Total("b-1", 9_000_000_000L);
        assertThat(OrderMessage.parse(total.toJson())).isEqualTo(total);
    }

    @Test
    void whatWasWrongWithARowOfAFileIsStillWrongWhenItComesFromAQueue() throws BadMessageException {
        OrderRow cut = order(7).operation("close")
                .mchOrderNo("A1")
                .build()
                .withProblem("the file ends in the middle of this row");
        Order sent = new Order("b", cut);
        assertThat(OrderMessage.parse(sent.toJson())).isEqualTo(sent);
        assertThat(row(sent.toJson()).problem())
                .as("an order of its own would be closed")
                .isEqualTo("the file ends in the middle of this row");
        Order unreadable = new Order("b", OrderRow.unreadable(8, "cannot be read"));
        assertThat(row(unreadable.toJson()).problem()).isEqualTo("cannot be read");
        assertThat(row("{\"batch\":\"b\",\"line\":1,\"operation\":\"close\",\"mch_order_no\":\"A\",\"problem\":\"\"}")
                        .problem())
                .as("none")
                .isNull();
    }

    @Test
    void theOperationIsThatOfARow() throws BadMessageException {
        assertThat(row("{\"batch\":\"b\",\"line\":1,\"operation\":\" cancel\",\"mch_order_no\":\"A\"}")
                        .operation())
                .isEqualTo(RowOperation.CANCEL);
    }

    @Test
    void namesThatAreMadeToCollideDoNotSpoilLaterMessages() throws BadMessageException {
        // "Ab" and "BA" have the same hash in Jackson's table of names, whatever its seed.
        String names = IntStream.range(0, 4_096)
                .mapToObj(i -> IntStream.range(0, 12)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Ab" : "BA")
                        .collect(Collectors.joining("", "\"", "\":1")))
                .collect(Collectors.joining(","));
        assertThat(OrderMessage.parse("{\"batch\":\"b\",\"total\":1," + names + "}"))
                .isEqualTo(new Total("b", 1));
        for (int i = 0; i < 2_000; i++) {
            assertThat(OrderMessage.parse("{\"batch\":\"b\",\"total\":1,\"name" + i + "\":1}"))
                    .isEqualTo(new Total("b", 1));
        }
    }
}
