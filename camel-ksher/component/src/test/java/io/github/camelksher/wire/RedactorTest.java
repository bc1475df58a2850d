/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redacted texts of Ksher or the network: clean ones are unchanged, others harm no log. */
class RedactorTest {

    private final Redactor redactor = new Redactor();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ok",
                "操作成功",
                "该订单已支付成功,不能进行此操作",
                "ชำระเงินสำเร็จ",
                "failed to find this order no ('mch_order_no:test5 ksher_order_no: channel_order_no:' ).",
                "paid \uD83D\uDE00 \uD83D\uDC4D\uD83C\uDFFD \u2764\uFE0F",
                "50% <b>&amp;</b> \\n ${body}"
            })
    void aCleanTextIsUnchanged(String text) {
        assertThat(redactor.redact(text)).isSameAs(text);
        assertThat(redactor.redactCode(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({
        "line feed, \\u000A",
        "carriage return, \\u000D",
        "next line, \\u0085",
        "ANSI escape, \\u001B",
        "ANSI escape of one character, \\u009B",
        "right-to-left override, \\u202E",
        "right-to-left isolate, \\u2067",
        "zero-width space, \\u200B",
        "zero-width joiner, \\u200D",
        "byte order mark, \\uFEFF",
        "line separator, \\u2028",
        "paragraph separator, \\u2029",
        "unpaired surrogate, \\uD83D",
        "delete, \\u007F",
        "NUL, \\u0000"
    })
    void noCharacterForgesALineOrHides(String name, String escape) {
        char c = (char) Integer.parseInt(escape.substring(2), 16);
        assertThat(redactor.redact("SUC" + c + "CESS")).as(name).isEqualTo("SUCCESS");
        // A route compares it: it must not equal a state that Ksher did not send.
        assertThat(redactor.redactCode("SUC" + c + "CESS")).as(name).isEqualTo("\uFFFDSUCCESS");
    }

    @Test
    void hidesTheSecretsOfTheReplyAlsoBehindInvisibleCharacters() {
        redactor.secrets(() -> Set.of("o2G4c04tmsU", "453215******0399 YAYA"));
        assertThat(redactor.redact("by o2G4c04tmsU")).isEqualTo("by ***");
        assertThat(redactor.redact("by o2G4\u200Bc04tmsU!")).isEqualTo("by ***!");
        assertThat(redactor.redact("card 453215******0399 YAYA NUGHT")).isEqualTo("card *** NUGHT");
        assertThat(redactor.redactCode("o2G4c04tmsU")).isEqualTo("\uFFFD***");
        assertThat(Redactor.mask(Redactor.searchable(List.of("o2G4c04tmsU")), "by o2G4\u200Bc04tmsU"))
                .isEqualTo("by ***");
    }

    @Test
    void showsNoTextThatRepeatsTheRequest() {
        redactor.requestMarkers("aNonce12", "5196");
        assertThat(redactor.redact("nonce_str=ANONCE12")).contains("not shown").doesNotContain("NONCE12");
        assertThat(redactor.redact("sign " + "ab".repeat(20)))
                .contains("not shown")
                .doesNotContain("abab");
    }

    @Test
    void cutsAtAWholeCharacter() {
        assertThat(redactor.redact("\uD83D\uDE00".repeat(201))).isEqualTo("\uD83D\uDE00".repeat(200));
    }
}
