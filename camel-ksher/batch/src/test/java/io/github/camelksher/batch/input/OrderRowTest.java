/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.life.RowOperation;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRowTest {

    private static OrderRow row(String operation, String mch, String ksher, String channelNo) {
        return order(2).operation(operation)
                .mchOrderNo(mch)
                .ksherOrderNo(ksher)
                .channelOrderNo(channelNo)
                .build();
    }

    @Test
    void cellsAreKeptAsTheyAre() {
        OrderRow row = order(2).operation(" close\t")
                .mchOrderNo(" A ")
                .ksherOrderNo("  ")
                .channelOrderNo("=1")
                .channel("wechat")
                .build();
        assertThat(Cells.operation(row)).isEqualTo(" close\t");
        assertThat(row.operation()).isEqualTo(RowOperation.CLOSE);
        assertThat(Cells.mchOrderNo(row)).isEqualTo(" A ");
        assertThat(Cells.ksherOrderNo(row)).isEqualTo("  ");
        assertThat(Cells.channelOrderNo(row)).isEqualTo("=1");
        assertThat(row.problem()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"check", "''", "closed", "'close cancel'", "clo\u017fe"})
    void anyOtherOperationIsAProblem(String operation) {
        assertThat(row(operation, "A", "", "").problem()).isEqualTo("operation must be close or cancel");
    }

    @Test
    void anOperationIsWrittenInAnyCase() {
        Locale before = Locale.getDefault();
        try {
            // Where I in lower case has no dot.
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            for (String close : new String[] {"close", "Close", "CLOSE", " cLoSe\u00a0"}) {
                assertThat(row(close, "A", "", "").operation()).isEqualTo(RowOperation.CLOSE);
                assertThat(row(close, "A", "", "").identity())
                        .isEqualTo(row("close", "A", "", "").identity());
            }
            assertThat(row("CANCEL", "A", "", "").operation()).isEqualTo(RowOperation.CANCEL);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9.00202E+22",
                "2,02E+15",
                "9.00202e+22",
                "9.00202E22",
                "-2.5E+03",
                "+1,5e-7",
                "9E+22",
                "1e5",
                "12.5E+15",
                " 9.00202E+22 ",
                "9.E+22",
                "9.00202E+022",
                "9.00202E +22",
                "100E+03"
            })
    void aNumberInENotationIsAProblemInEachColumn(String number) {
        assertThat(row("close", number, "", "").problem())
                .startsWith("mch_order_no is in E-notation: a spreadsheet rounded it")
                .contains("may name another order", "format Text")
                .hasSizeLessThan(300);
        assertThat(row("close", "A", number, "").problem()).startsWith("ksher_order_no is in E-notation");
        assertThat(row("close", "A", "", number).problem()).startsWith("channel_order_no is in E-notation");
        assertThat(row("cancel", number, "", "").problem()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1592911660",
                "k_20210520_24",
                "12E3F",
                "E+22",
                "9.00202",
                "1.2.3E+4",
                "2E+15A",
                "12345e6",
                "9e1234",
                "ORDER-9.00202E+22"
            })
    void aNumberThatOnlyLooksLikeENotationIsANumber(String number) {
        assertThat(row("close", number, number, number).problem()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "#REF!, formula failed",
        "#N/A, formula failed",
        "#VALUE!, formula failed",
        "#NAME?, formula failed",
        "#DIV/0!, formula failed",
        "#NUM!, formula failed",
        "#NULL!, formula failed",
        "' #n/a ', formula failed",
        "#, too narrow",
        "########, too narrow"
    })
    void whatASpreadsheetWritesInPlaceOfANumberIsAProblemInEachColumn(String cell, String why) {
        assertThat(row("close", cell, "", "").problem())
                .startsWith("mch_order_no is")
                .contains(why, "format Text");
        assertThat(row("close", "", cell, "").problem())
                .startsWith("ksher_order_no is")
                .contains(why);
        assertThat(row("close", "", "", cell).problem())
                .startsWith("channel_order_no is")
                .contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#1", "A#", "#REF", "#A-1!", "REF!"})
    void aNumberWithAHashIsNone(String number) {
        assertThat(row("close", number, "", "").problem()).isNull();
    }

    @Test
    void blanksAroundACellAreNoPartOfItsValue() {
        OrderRow row = order(2).operation("close")
                .mchOrderNo("\u00a0A 1\t")
                .ksherOrderNo("\u2003K ")
                .channelOrderNo(" C\u202f")
                .channel(" wechat ")
                .build();
        assertThat(row.problem()).isNull();
        assertThat(row.identity()).isEqualTo(row("close", "A 1", "K", "C").identity());
        assertThat(row.orderKey("mch1")).isEqualTo("mch1|mch|A 1");
        assertThat(row("close", "\u00a0", "", "").problem()).isEqualTo("has no order number");
        assertThat(row("close", " " + "x".repeat(32) + "  ", "", "").problem()).isNull();
        assertThat(row("close", "", " K", "").orderKey("mch1")).isEqualTo("mch1|ksher|K");
        assertThat(row("close", "", "", "C ").orderKey("mch1")).isEqualTo("mch1|channel|C");
    }

    @Test
    void aCloseTakesAnyNumberAndACancelTheMerchantsOnly() {
        assertThat(row("close", "", "K", "").problem()).isNull();
        assertThat(row("close", " ", "", "C").problem()).isNull();
        assertThat(row("close", " ", "", "\t ").problem()).isEqualTo("has no order number");
        assertThat(row("cancel", " ", "K", "C").problem()).isEqualTo("cancel needs mch_order_no");
        assertThat(row("cancel", "A", "", "").problem()).isNull();
    }

    @Test
    void everyValueHasAtMostThirtyTwoCharactersAndTheChannelsNumberSixtyFourEvenIfTheyAreEmoji() {
        String most = "\ud83d\ude00".repeat(32);
        assertThat(order(2).operation("close").allCells(most).build().problem()).isNull();
        assertThat(row("close", most + "x", "", "").problem()).startsWith("mch_order_no has more than 32");
        assertThat(row("close", "A", most + "x", "").problem()).startsWith("ksher_order_no has more");
        assertThat(row("close", "A", "", most + most).problem()).isNull();
        assertThat(row("close", "A", "", most + most + "x").problem()).startsWith("channel_order_no has more than 64");
        assertThat(order(2).operation("close")
                        .mchOrderNo("A")
                        .channel(most + "x")
                        .build()
                        .problem())
                .startsWith("channel has more");
    }

    @Test
    void controlCharactersAndHalfCharactersAreProblems() {
        for (String bad : new String[] {"\u0000", "\n", "\r", "\t", "\u007f", "\u0085"}) {
            assertThat(row("close", "A" + bad + "B", "", "").problem())
                    .isEqualTo("mch_order_no has control characters");
        }
        for (String half : new String[] {"\ud83d", "\ude00", "\ude00\ud83d"}) {
            assertThat(row("close", "A", "K" + half, "").problem())
                    .isEqualTo("ksher_order_no has an unpaired surrogate");
        }
    }

    @Test
    void theSameOperationAndNumbersAreTheSameWhateverTheChannelAndTheSpaceAroundTheOperation() {
        assertThat(order(2).operation("close")
                        .mchOrderNo("A")
                        .channel("wechat")
                        .build()
                        .identity())
                .isEqualTo(order(3).operation(" close")
                        .mchOrderNo("A")
                        .ksherOrderNo(" ")
                        .channel("alipay")
                        .build()
                        .identity());
        assertThat(row("cancel", "A", "", "").identity())
                .isNotEqualTo(row("close", "A", "", "").identity());
        assertThat(row("close", "A", "K", "").identity())
                .isNotEqualTo(row("close", "A", "", "").identity());
        assertThat(row("close", "a", "", "").identity())
                .isNotEqualTo(row("close", "A", "", "").identity());
    }

    @Test
    void numbersOfOneTextInOtherColumnsAreNotTheSame() {
        for (String separator : new String[] {"|", ",", " ", ";", "/"}) {
            assertThat(row("close", "A" + separator + "B", "", "").identity())
                    .isNotEqualTo(row("close", "A", "B" + separator, "").identity())
                    .isNotEqualTo(row("close", "A", "B", "").identity());
        }
        assertThat(row("close", "", "A", "").identity())
                .isNotEqualTo(row("close", "", "", "A").identity());
    }

    @Test
    void anOrderIsNamedByTheFirstOfItsNumbersAndNeverWorkedOnTwiceAtATime() {
        assertThat(row("close", "A", "K", "C").orderKey("mch1")).isEqualTo("mch1|mch|A");
        assertThat(row("cancel", "A", "", "").orderKey("mch1")).isEqualTo("mch1|mch|A");
        assertThat(row("close", " ", "K", "C").orderKey("mch1")).isEqualTo("mch1|ksher|K");
        assertThat(row("close", "", "", "C").orderKey("mch1")).isEqualTo("mch1|channel|C");
        assertThat(row("close", "A", "", "").orderKey("mch2")).isEqualTo("mch2|mch|A");
    }
}
