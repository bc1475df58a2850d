/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import io.github.camelksher.crypto.RequestSigner;
import io.github.camelksher.crypto.RsaKeys;
import io.github.camelksher.crypto.Signatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Any reply in any spelling of JSON, against a separate implementation of the signed text. */
class EnvelopePropertiesTest {

    private static final RequestSigner KSHER =
            new RequestSigner(RsaKeys.privateKey(key("pkcs1.pem"), null), Signatures.by(null));
    private static final ReplyVerifier VERIFIER =
            new ReplyVerifier(RsaKeys.publicKey(key("public-spki.pem")), Signatures.by(null));

    /** A value of JSON. */
    private sealed interface Node {

        record Text(String text) implements Node {}

        /** A number as written, or true, false, null. */
        record Word(String text) implements Node {}

        record ListOf(List<Node> items) implements Node {}

        record ObjectOf(Map<String, Node> members) implements Node {}
    }

    private static String key(String name) {
        try (var in = EnvelopePropertiesTest.class.getResourceAsStream("/keys/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Provide
    static Arbitrary<Node> data() {
        return members(node(2)).<Node>map(Node.ObjectOf::new).withoutEdgeCases();
    }

    private static Arbitrary<Map<String, Node>> members(Arbitrary<Node> values) {
        return Arbitraries.maps(FieldsPropertiesTest.texts(), values).ofMaxSize(6);
    }

    private static Arbitrary<Node> node(int depth) {
        Arbitrary<Node> text = FieldsPropertiesTest.texts().map(Node.Text::new);
        Arbitrary<Node> word = Arbitraries.of(
                        "0",
                        "-0",
                        "7",
                        "1.10",
                        "-1.0e+05",
                        "1E400",
                        "0.0000001",
                        "12345678901234567890123",
                        "true",
                        "false",
                        "null")
                .map(Node.Word::new);
        if (depth == 0) {
            return Arbitraries.oneOf(text, word);
        }
        Arbitrary<Node> list = node(depth - 1).list().ofMaxSize(4).map(Node.ListOf::new);
        Arbitrary<Node> object = members(node(depth - 1)).map(Node.ObjectOf::new);
        return Arbitraries.oneOf(text, text, word, list, object);
    }

    // ---- JSON in any of its spellings ----

    private static String written(Node node, Random random) {
        String json;
        if (node instanceof Node.Word word) {
            json = word.text();
        } else if (node instanceof Node.Text text) {
            json = quoted(text.text(), random);
        } else if (node instanceof Node.ListOf list) {
            json = list.items().stream()
                    .map(item -> written(item, random))
                    .collect(Collectors.joining(",", "[", space(random) + "]"));
        } else {
            json = members((Node.ObjectOf) node, random);
        }
        return space(random) + json + space(random);
    }

    private static String members(Node.ObjectOf object, Random random) {
        List<String> members = new ArrayList<>();
        object.members()
                .forEach((name, value) -> members.add(
                        space(random) + quoted(name, random) + space(random) + ":" + written(value, random)));
        return "{" + String.join(",", members) + space(random) + "}";
    }

    private static String space(Random random) {
        return List.of("", "", "", " ", "\t", "\r\n").get(random.nextInt(6));
    }

    private static String quoted(String text, Random random) {
        StringBuilder json = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            int shortEscape = "\"\\/\b\f\n\r\t".indexOf(c);
            if (shortEscape >= 0 && random.nextBoolean()) {
                json.append('\\').append("\"\\/bfnrt".charAt(shortEscape));
            } else if (c < ' ' || c == '"' || c == '\\' || random.nextInt(4) == 0) {
                String form = random.nextBoolean() ? "\\u%04x" : "\\u%04X";
                Character.toString(c).chars().forEach(half -> json.append(String.format(form, half)));
            } else {
                json.appendCodePoint(c);
            }
        });
        return json.append('"').toString();
    }

    // ---- the text that Ksher signs ----

    private static String signedText(Node.ObjectOf data) {
        return data.members().entrySet().stream()
                .sorted((a, b) -> byBytes(a.getKey(), b.getKey()))
                .map(field -> field.getKey() + "=" + fieldText(field.getValue()))
                .collect(Collectors.joining());
    }

    private static String fieldText(Node value) {
        return value instanceof Node.Text text ? text.text() : compact(value);
    }

    private static String compact(Node node) {
        if (node instanceof Node.Word word) {
            return word.text();
        }
        if (node instanceof Node.Text text) {
            return compact(text.text());
        }
        if (node instanceof Node.ListOf list) {
            return list.items().stream()
                    .map(EnvelopePropertiesTest::compact)
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return ((Node.ObjectOf) node)
                .members().entrySet().stream()
                        .sorted((a, b) -> byBytes(a.getKey(), b.getKey()))
                        .map(member -> compact(member.getKey()) + ":" + compact(member.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String compact(String text) {
        return text.codePoints()
                .mapToObj(c -> switch (c) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    case '\b' -> "\\b";
                    case '\f' -> "\\f";
                    case '\n' -> "\\n";
                    case '\r' -> "\\r";
                    case '\t' -> "\\t";
                    default -> c < ' ' ? String.format("\\u%04x", c) : Character.toString(c);
                })
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static int byBytes(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static Envelope parse(String json) throws MalformedReply {
        return EnvelopeParser.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Envelope reply(String data, String sign) throws MalformedReply {
        return parse("{\"data\":" + data + ",\"code\":0,\"sign\":\"" + sign + "\"}");
    }

    private static String sign(Node.ObjectOf data) {
        return KSHER.sign(signedText(data).getBytes(StandardCharsets.UTF_8));
    }

    // ---- the properties ----

    @Property(tries = 150)
    void fieldsAreWhatTheReplySaysHoweverItIsWritten(@ForAll("data") Node data, @ForAll Random random)
            throws Exception {
        Node.ObjectOf object = (Node.ObjectOf) data;
        VerifiedData read = reply(written(data, random), "").unverified();
        assertThat(read.fields().keySet())
                .containsExactlyElementsOf(object.members().keySet().stream()
                        .sorted(EnvelopePropertiesTest::byBytes)
                        .toList());
        object.members().forEach((name, value) -> {
            assertThat(read.fields()).containsEntry(name, fieldText(value));
            boolean nothing = fieldText(value).isEmpty() || value.equals(new Node.Word("null"));
            assertThat(read.text(name)).isEqualTo(nothing ? null : fieldText(value));
        });
    }

    @Property(tries = 100)
    void whatIsSignedVerifiesHoweverItIsWritten(@ForAll("data") Node data, @ForAll Random random) throws Exception {
        Envelope.Verification verification =
                reply(written(data, random), sign((Node.ObjectOf) data)).verify(VERIFIER);
        assertThat(verification.verdict()).isEqualTo(Verdict.VERIFIED);
        assertThat(verification.data().signed()).isTrue();
    }

    @Property(tries = 100)
    void noOtherTextVerifies(@ForAll("data") Node data, @ForAll("data") Node other, @ForAll Random random)
            throws Exception {
        Assume.that(!signedText((Node.ObjectOf) data).equals(signedText((Node.ObjectOf) other)));
        assertThat(reply(written(other, random), sign((Node.ObjectOf) data))
                        .verify(VERIFIER)
                        .verdict())
                .isEqualTo(Verdict.MISMATCH);
    }

    @Property(tries = 100)
    void aFieldThatWasChangedAddedOrTakenAwayIsNoticed(@ForAll("data") Node data, @ForAll Random random)
            throws Exception {
        Node.ObjectOf object = (Node.ObjectOf) data;
        String sign = sign(object);
        Map<String, Node> changed = new LinkedHashMap<>(object.members());
        List<String> names = new ArrayList<>(changed.keySet());
        int choice = random.nextInt(3);
        if (names.isEmpty() || choice == 0) {
            changed.put("added", new Node.Text(""));
            changed.put("added_too", new Node.Text("x"));
        } else {
            String name = names.get(random.nextInt(names.size()));
            if (choice == 1) {
                changed.remove(name);
            } else {
                changed.put(name, new Node.Text(fieldText(changed.get(name)) + " "));
            }
        }
        assertThat(reply(written(new Node.ObjectOf(changed), random), sign)
                        .verify(VERIFIER)
                        .verdict())
                .isEqualTo(Verdict.MISMATCH);
    }

    @Property(tries = 100)
    void aSignatureWithAnotherDigitDoesNotVerify(
            @ForAll("data") Node data,
            @ForAll @IntRange(max = 255) int place,
            @ForAll @IntRange(min = 1, max = 15) int more)
            throws Exception {
        StringBuilder sign = new StringBuilder(sign((Node.ObjectOf) data));
        int at = place % sign.length();
        sign.setCharAt(at, Character.forDigit((Character.digit(sign.charAt(at), 16) + more) % 16, 16));
        assertThat(reply(written(data, new Random(1)), sign.toString())
                        .verify(VERIFIER)
                        .verdict())
                .isEqualTo(Verdict.MISMATCH);
    }

    @Property(tries = 150)
    void aRepeatedKeyIsRefusedAtAnyDepth(
            @ForAll("data") Node data,
            @ForAll @IntRange(max = 12) int depth,
            @ForAll("names") String name,
            @ForAll Random random) {
        String twice = "{" + quoted(name, random) + ":" + written(data, random) + "," + quoted(name, random) + ":1}";
        String nested = twice;
        for (int i = 0; i < depth; i++) {
            nested = random.nextBoolean() ? "[1," + nested + "]" : "{\"a\":" + nested + "}";
        }
        String reply = "{\"code\":0,\"" + (random.nextBoolean() ? "data" : "x") + "\":{\"b\":" + nested + "}}";
        assertThatThrownBy(() -> parse(reply)).isInstanceOf(MalformedReply.class);
    }

    @Provide
    static Arbitrary<String> names() {
        return FieldsPropertiesTest.texts();
    }

    @Property(tries = 150)
    void noPieceOfAReplyIsAReply(@ForAll("data") Node data, @ForAll Random random) {
        String whole = "{\"code\":0,\"data\":" + written(data, random) + "}";
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        byte[] piece = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        assertThatThrownBy(() -> EnvelopeParser.parse(piece)).isInstanceOf(MalformedReply.class);
    }
}
