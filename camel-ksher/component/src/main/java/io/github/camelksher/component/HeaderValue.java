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

/** The text of a header's value: the same in every call, or none. */
final class HeaderValue {

    private static final Set<Class<? extends Number>> WHOLE_NUMBERS = Set.of(
            Long.class,
            Integer.class,
            Short.class,
            Byte.class,
            BigInteger.class,
            AtomicLong.class,
            AtomicInteger.class);

    /** Whoever wants more digits of a number than this has no order number. */
    private static final int MOST_DIGITS = 100;

    /** More bytes than the longest value has in UTF-8. A body that was cached can have a gigabyte. */
    private static final int MOST_BYTES = 1_000;

    private static final String SET_A_TEXT = ": set a text or a whole number";

    /** Camel's conversion reads them, and finds nothing the second time; or it reads a file or a URL that they name. */
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

    /** Hold any number of values, none, or one that is still to come. A node of JSON, also one of a text, is iterable. */
    private static final List<Class<?>> CONTAINERS =
            List.of(Iterable.class, Map.class, Object[].class, NodeList.class, AtomicReference.class, Future.class);

    /** JSON, XML, a list, or a number that may go out as another: the text of an object that is not itself a text. */
    private static final Pattern NO_PLAIN_TEXT =
            Pattern.compile("null|[\"\\[{<].*|[+-]?\\d+\\.\\d+(E[+-]?\\d+)?", Pattern.DOTALL);

    private HeaderValue() {}

    /** The same text for every call: a redelivery or a query must name the order that the first call named. */
    static String text(Object value, Exchange exchange) throws NoText {
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        if (value instanceof Number number) {
            return digits(number);
        }
        if (value instanceof StreamCache cache) {
            return text(cache, exchange);
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
        // A text, an attribute: before the lists, since every node of the JDK's is a list of its children too.
        if (value instanceof Node node && node.getNodeValue() != null) {
            return node.getNodeValue();
        }
        if (isAny(READ_FOR_THEIR_TEXT, value)) {
            throw new NoText(", whose text would have to be read, and a later call would find none or another: set a"
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

    /** Whether a text is about the object, as {@code Optional[5]} and {@code java.lang.Object@1f} are, and so names no order. */
    private static boolean describes(Class<?> type, String text) {
        return Stream.of(type.getName(), type.getSimpleName())
                .anyMatch(name -> !name.isEmpty()
                        && text.startsWith(name)
                        && text.length() > name.length()
                        && "@[({.".indexOf(text.charAt(name.length())) >= 0);
    }

    /**
     * From its beginning, and left there: the next call reads it too. One at a time, since the copies of an exchange share what its
     * headers hold: another branch's reset in the middle would double the text.
     */
    private static String text(StreamCache cache, Exchange exchange) throws NoText {
        synchronized (cache) {
            return read(cache, exchange);
        }
    }

    private static String read(StreamCache cache, Exchange exchange) throws NoText {
        try {
            cache.reset();
            try {
                if (cache instanceof Reader reader) {
                    // Camel would make bytes of it, in a charset of the exchange's choice.
                    CharBuffer text = CharBuffer.allocate(MOST_BYTES + 1);
                    while (text.hasRemaining() && reader.read(text) >= 0) {
                        // Until it is full, or there is no more.
                    }
                    return notTooLong(text.flip()).toString();
                }
                InputStream stream = NotificationProducer.stream(exchange, cache);
                if (stream == null) {
                    throw new NoText(SET_A_TEXT);
                }
                return utf8(notTooLong(ByteBuffer.wrap(stream.readNBytes(MOST_BYTES + 1))));
            } finally {
                cache.reset();
            }
        } catch (IOException | RuntimeCamelException e) {
            throw new NoText(", which cannot be read" + SET_A_TEXT);
        }
    }

    private static <B extends Buffer> B notTooLong(B text) throws NoText {
        if (text.remaining() > MOST_BYTES) {
            throw new NoText(", which is too long for any number: set the order's number alone");
        }
        return text;
    }

    /** Whoever decodes anything else puts other characters in its place, and so names another order. */
    private static String utf8(ByteBuffer bytes) throws NoText {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new NoText(", which is not valid UTF-8" + SET_A_TEXT);
        }
    }

    /** A value that names no order, or might name one today and another tomorrow. The message goes on after the header's name. */
    static final class NoText extends Exception {

        private static final long serialVersionUID = 1L;

        private NoText(String message) {
            super(message);
        }
    }

    /** Only of a number that has plain digits and no other text: a Double's is 1.59291166E9. */
    private static String digits(Number number) throws NoText {
        if (number instanceof BigDecimal decimal) {
            boolean whole =
                    decimal.signum() == 0 || decimal.stripTrailingZeros().scale() <= 0;
            if (whole && decimal.precision() - (long) decimal.scale() <= MOST_DIGITS) {
                return decimal.toBigInteger().toString();
            }
        } else if (WHOLE_NUMBERS.contains(number.getClass())) {
            return number.toString();
        }
        throw new NoText(SET_A_TEXT + ", since such a number may go out as another, 1592911660.0 as 1.59291166E9");
    }
}
