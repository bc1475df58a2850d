/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Scanner;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.TypeConverterSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/**
 * The value of a header names the same order in every call, or is refused before anything is sent.
 */
class HeaderValuesTest extends HeaderValuesTestSupport {

    private static Document document(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(utf8(xml)));
    }

    Stream<Object> readForTheirText() throws Exception {
        File file = file("A-1").toFile();
        WrappedFile<File> consumed = new WrappedFile<>() {
            @Override
            public File getFile() {
                return file;
            }

            @Override
            public Object getBody() {
                return "A-1";
            }

            @Override
            public long getFileLength() {
                return file.length();
            }
        };
        return Stream.of(
                new ByteArrayInputStream(utf8("A-1")),
                new StringReader("A-1"),
                new Scanner("A-1"),
                new StreamSource(new StringReader("<a>A-1</a>")),
                new SAXSource(),
                new DOMSource(document("<a>A-1</a>")),
                List.of("A-1").iterator(),
                Collections.enumeration(List.of("A-1")),
                Stream.of("A-1"),
                IntStream.of(1),
                Channels.newChannel(new ByteArrayInputStream(utf8("A-1"))),
                file,
                file.toPath(),
                file.toURI().toURL(),
                consumed,
                ResourceHelper.resolveResource(camel.context(), file.toURI().toString()));
    }

    @ParameterizedTest
    @MethodSource("readForTheirText")
    void refusesWhatMustBeReadForItsText(Object value) {
        refuses(value, "convertBodyTo(String.class)");
    }

    @Test
    void whatIsRefusedIsNotRead() throws IOException {
        InputStream stream = new ByteArrayInputStream(utf8("A-1"));
        refuses(stream, "has a ByteArrayInputStream in the header CamelKsherMchOrderNo");
        assertThat(stream.readAllBytes()).isEqualTo(utf8("A-1"));
    }

    private record OrderNo(String text) {}

    Stream<Object> withoutPlainText() throws Exception {
        JsonNodeFactory json = JsonNodeFactory.instance;
        Document document = document("<o><no>A-1</no><no>A-2</no></o>");
        return Stream.of(
                json.nullNode(),
                json.missingNode(),
                json.numberNode(1592911660.0),
                json.numberNode(1592911660f),
                json.objectNode().put("no", "A-1"),
                json.arrayNode().add("A-1"),
                json.textNode("A-1"),
                document,
                document.getDocumentElement(),
                document.getDocumentElement().getChildNodes(),
                document.getElementsByTagName("no"),
                Optional.of("A-1"),
                Optional.empty(),
                OptionalInt.of(1),
                OptionalLong.of(1),
                OptionalDouble.of(1),
                new AtomicReference<>("A-1"),
                new AtomicReference<>(1592911660.0),
                new AtomicIntegerArray(1),
                new DoubleAdder(),
                new int[] {1},
                Arguments.of((Object) new String[] {"A-1"}),
                List.of("A-1"),
                Map.of("no", "A-1"),
                new HashMap<>(),
                CompletableFuture.completedFuture("A-1"),
                new OrderNo("A-1"),
                new Object(),
                new Object() {
                    @Override
                    public String toString() {
                        return "\"A-1\"";
                    }
                },
                new Object() {
                    @Override
                    public String toString() {
                        return "null";
                    }
                },
                new Object() {
                    @Override
                    public String toString() {
                        return "1.59291166E9";
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("withoutPlainText")
    void refusesWhatHasNoPlainText(Object value) {
        refuses(value, "set a text or a whole number");
    }

    Stream<Object> brokenBytes() {
        byte[] latin = "Bestellung-é".getBytes(StandardCharsets.ISO_8859_1);
        return Stream.of(latin, ByteBuffer.wrap(latin), new InputStreamCache(latin));
    }

    @ParameterizedTest
    @MethodSource("brokenBytes")
    void refusesBytesThatAreNotUtf8(Object value) {
        refuses(value, "not valid UTF-8");
    }

    private enum Till {
        NORTH
    }

    private static final class CustomerOrder {}

    Stream<Arguments> plainTexts() throws Exception {
        Document document = document("<o no='A-1'>A-2<![CDATA[A-3]]></o>");
        UUID uuid = UUID.randomUUID();
        return Stream.of(
                Arguments.of(utf8("ก-1"), "ก-1"),
                Arguments.of("ก-1".toCharArray(), "ก-1"),
                Arguments.of(CharBuffer.wrap("ก-1"), "ก-1"),
                Arguments.of(ByteBuffer.wrap(utf8("ก-1")), "ก-1"),
                Arguments.of(ByteBuffer.wrap(utf8("ก-1")).asReadOnlyBuffer(), "ก-1"),
                Arguments.of(new StringBuffer("A-1"), "A-1"),
                Arguments.of('A', "A"),
                Arguments.of(Till.NORTH, "NORTH"),
                Arguments.of(URI.create("urn:7"), "urn:7"),
                Arguments.of(document.getDocumentElement().getAttributeNode("no"), "A-1"),
                Arguments.of(document.getDocumentElement().getFirstChild(), "A-2"),
                Arguments.of(document.getDocumentElement().getLastChild(), "A-3"),
                Arguments.of(
                        new Object() {
                            @Override
                            public String toString() {
                                return uuid.toString().substring(0, 8);
                            }
                        },
                        uuid.toString().substring(0, 8)),
                // A type of the application, with a type converter of its own.
                Arguments.of(new CustomerOrder(), "A-1"));
    }

    @ParameterizedTest
    @MethodSource("plainTexts")
    void sendsThePlainTextOfAValueEveryTime(Object value, String text) {
        camel.context()
                .getTypeConverterRegistry()
                .addTypeConverter(String.class, CustomerOrder.class, new TypeConverterSupport() {
                    @Override
                    public <T> T convertTo(Class<T> type, Exchange exchange, Object order) {
                        return type.cast("A-1");
                    }
                });
        assertThat(sent(value)).isEqualTo(text);
        assertThat(sent(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \t\n",
                "\u00A0",
                "\u2007\u202F",
                "\u3000",
                "\u200B",
                "\u2060",
                "\uFEFF",
                "\uFEFF \u00A0",
                "\u200E",
                "\u00AD",
                "\u2028"
            })
    void aValueInWhichAReaderSeesNothingIsAbsent(String blank) {
        refuses(blank, "has no order number");
        refuses(new InputStreamCache(utf8(blank)), "has no order number");
        camel.call("ksher:gatewayCancel?lang=th", Map.of("CamelKsherMchOrderNo", "A-1", "CamelKsherLang", blank));
        assertThat(lastForm()).containsEntry("lang", "th");
    }

    @Test
    void nothingIsTrimmed() {
        assertThat(sent("\u00A0A-1 ")).isEqualTo("\u00A0A-1 ");
    }
}
