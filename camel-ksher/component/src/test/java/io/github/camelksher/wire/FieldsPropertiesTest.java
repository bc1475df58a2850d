/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The signed text and the form have the same values, for any text that has a UTF-8 form. */
class FieldsPropertiesTest {

    @Provide
    static Arbitrary<String> texts() {
        Arbitrary<Integer> codePoints = Arbitraries.frequencyOf(List.of(
                Tuple.of(4, Arbitraries.integers().between(0, 0x7F)),
                // The order of chars and of bytes differs at the surrogates.
                Tuple.of(2, Arbitraries.integers().between(0xD700, 0x10010)),
                Tuple.of(2, Arbitraries.integers().between(0, Character.MAX_CODE_POINT)),
                Tuple.of(1, Arbitraries.of(0x0301, 0x0E33, 0x200B, 0x202E, 0xFEFF, 0xFFFF, 0x1F600))));
        return codePoints
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .list()
                .ofMaxSize(12)
                .map(list -> list.stream()
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    @Provide
    static Arbitrary<Map<String, String>> parameters() {
        return Arbitraries.maps(
                        Arbitraries.strings()
                                .withCharRange('a', 'c')
                                .withChars('_')
                                .ofMinLength(1)
                                .ofMaxLength(4),
                        texts())
                .ofMaxSize(8);
    }

    @Provide
    static Arbitrary<Map<String, String>> named() {
        return Arbitraries.maps(texts(), texts()).ofMaxSize(8);
    }

    private static Fields fields(Map<String, String> values) {
        Fields.Builder builder = Fields.builder();
        values.forEach(builder::add);
        return builder.build();
    }

    @Property
    void theFormSaysTheSameValuesInTheOrderInWhichTheyAreSigned(@ForAll("parameters") Map<String, String> values) {
        Fields fields = fields(values);
        String form = new String(fields.formBody("0f"), StandardCharsets.US_ASCII);
        assertThat(form).matches("[A-Za-z0-9_.*+%=&-]*");
        Map<String, String> decoded = decode(form);
        assertThat(decoded.remove("sign")).isEqualTo("0f");
        values.values().removeIf(String::isEmpty);
        assertThat(decoded).isEqualTo(values);
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        decoded.forEach((name, value) -> signed.writeBytes((name + "=" + value).getBytes(StandardCharsets.UTF_8)));
        assertThat(fields.canonicalBytes()).isEqualTo(signed.toByteArray());
    }

    @Property
    void theOrderIsThatOfTheBytes(@ForAll("named") Map<String, String> values) {
        values.values().removeIf(String::isEmpty);
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        values.entrySet().stream()
                .sorted((a, b) -> Arrays.compareUnsigned(bytes(a.getKey()), bytes(b.getKey())))
                .forEach(field -> signed.writeBytes(bytes(field.getKey() + "=" + field.getValue())));
        assertThat(fields(values).canonicalBytes()).isEqualTo(signed.toByteArray());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Decodes a form by the HTML standard, without the JDK's decoder. */
    private static Map<String, String> decode(String form) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : form.split("&")) {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            int equals = pair.indexOf('=');
            for (int i = equals + 1; i < pair.length(); i++) {
                char c = pair.charAt(i);
                if (c == '%') {
                    value.write(Integer.parseInt(pair.substring(i + 1, i + 3), 16));
                    i += 2;
                } else {
                    value.write(c == '+' ? ' ' : c);
                }
            }
            values.put(pair.substring(0, equals), value.toString(StandardCharsets.UTF_8));
        }
        return values;
    }
}
