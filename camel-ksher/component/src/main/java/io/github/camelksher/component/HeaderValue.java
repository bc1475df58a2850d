/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.transform.Source;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.spi.Resource;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The text of a header's value, the same in every call. */
final class HeaderValue {

    private static final Set<Class<? extends Number>> WHOLE_NUMBERS = Set.of(
            Long.class,
            Integer.class,
            Short.class,
            Byte.class,
            BigInteger.class,
            AtomicLong.class,
            AtomicInteger.class);

    /** Far more digits than an order number has. */
    private static final int MAX_DIGITS = 100;

    /** More bytes than the longest value has in UTF-8. A cached body can have a gigabyte. */
    private static final int MAX_BYTES = 1_000;

    private static final String SET_A_TEXT = ": set a text or a whole number";

    /** Camel's conversion would consume the value, or read the file or URL that it names. */
    private static final List<Class<?>> READ_FOR_THEIR_TEXT = List.of(
            AutoCloseable.class,
            Iterator.class,
            Enumeration.class,
            Source.class,
            File.class,
            Path.class,
            URL.class,
            WrappedFile.class,
            Resource.class);

    /** They hold several values, none, or a future one. Every JSON node is iterable. */
    private static final List<Class<?>> CONTAINERS =
            List.of(Iterable.class, Map.class, Object[].class, NodeList.class, AtomicReference.class, Future.class);

    /** JSON, XML, a list, or a number whose text may change: not the text of an order number. */
    private static final Pattern NO_PLAIN_TEXT =
            Pattern.compile("null|[\"\\[{<].*|[+-]?\\d+\\.\\d+(E[+-]?\\d+)?", Pattern.DOTALL);

    private HeaderValue() {}

    /** The text of a value. A redelivery must find the text that the first call found. */
    static String text(Object value, Exchange exchange) throws NoText {
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        if (value instanceof Number number) {
            return digits(number);
        }
        if (value instanceof StreamCache cache) {
            // The copies of an exchange share it: a reset by another branch would double the text.
            synchronized (cache) {
                return text(cache, exchange);
            }
        }
        if (value instanceof byte[] bytes) {
            return utf8(ByteBuffer.wrap(bytes));
        }
        if (value instanceof ByteBuffer bytes) {
            return utf8(bytes.duplicate());
        }
        if (value instanceof char[] text) {
            return new String(text);
        }
        // Before the containers: every DOM node of the JDK is a list of its children too.
        if (value instanceof Node node && node.getNodeValue() != null) {
            return node.getNodeValue();
        }
        if (isAny(READ_FOR_THEIR_TEXT, value)) {
            throw new NoText(", whose text has to be read, and a later call could find none or another: set a"
                    + " text, as convertBodyTo(String.class) makes of a body, or turn stream caching on");
        }
        if (isAny(CONTAINERS, value)) {
            throw new NoText(SET_A_TEXT);
        }
        String text = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, value);
        if (text == null || NO_PLAIN_TEXT.matcher(text).matches() || describes(value.getClass(), text)) {
            throw new NoText(SET_A_TEXT);
        }
        return text;
    }

    private static boolean isAny(List<Class<?>> types, Object value) {
        return types.stream().anyMatch(type -> type.isInstance(value));
    }

    /** Whether a text describes its object, like {@code Optional[5]} or {@code Object@1f}. */
    private static boolean describes(Class<?> type, String text) {
        return Stream.of(type.getName(), type.getSimpleName())
                .anyMatch(name -> !name.isEmpty()
                        && text.startsWith(name)
                        && text.length() > name.length()
                        && "@[({.".indexOf(text.charAt(name.length())) >= 0);
    }

    /** Reads the cache from its start and resets it, so that the next call can read it too. */
    private static String text(StreamCache cache, Exchange exchange) throws NoText {
        try {
            cache.reset();
            try {
                if (cache instanceof Reader reader) {
                    // Camel would encode it in a charset that the exchange may set.
                    CharBuffer text = CharBuffer.allocate(MAX_BYTES + 1);
                    while (text.hasRemaining() && reader.read(text) >= 0) {
                        // Reads until the buffer is full or the text ends.
                    }
                    return notTooLong(text.flip()).toString();
                }
                InputStream stream = NotificationProducer.stream(exchange, cache);
                if (stream == null) {
                    throw new NoText(SET_A_TEXT);
                }
                return utf8(notTooLong(ByteBuffer.wrap(stream.readNBytes(MAX_BYTES + 1))));
            } finally {
                cache.reset();
            }
        } catch (IOException | RuntimeCamelException e) {
            throw new NoText(", which cannot be read" + SET_A_TEXT);
        }
    }

    private static <B extends Buffer> B notTooLong(B text) throws NoText {
        if (text.remaining() > MAX_BYTES) {
            throw new NoText(", which is too long for any number: set the order's number alone");
        }
        return text;
    }

    /** Refuses bytes that are not UTF-8: a replacement character would name another order. */
    private static String utf8(ByteBuffer bytes) throws NoText {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new NoText(", which is not valid UTF-8" + SET_A_TEXT);
        }
    }

    /** The value has no text, or one that may change. The message follows the header's name. */
    static final class NoText extends Exception {

        private static final long serialVersionUID = 1L;

        private NoText(String message) {
            super(message);
        }
    }

    /** Refuses a number whose text may not be plain digits: a Double's is 1.59291166E9. */
    private static String digits(Number number) throws NoText {
        if (number instanceof BigDecimal decimal) {
            boolean whole =
                    decimal.signum() == 0 || decimal.stripTrailingZeros().scale() <= 0;
            if (whole && decimal.precision() - (long) decimal.scale() <= MAX_DIGITS) {
                return decimal.toBigInteger().toString();
            }
        } else if (WHOLE_NUMBERS.contains(number.getClass())) {
            return number.toString();
        }
        throw new NoText(SET_A_TEXT + ", since it may be sent as another number, 1592911660.0 as 1.59291166E9");
    }
}
