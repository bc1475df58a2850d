/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A {@link Responder} that does to some orders what the network and a server under stress do, answers orderClose as well,
 * and keeps book of what it did to each order. A line of input asks for the book.
 */
public final class FaultyResponder extends Responder {

    /** Asks for a character for each order: one of these, or what was done, by {@link Fault#letter}. */
    static final String BOOK = "book";

    static final char NEVER_ASKED = '.';
    static final char ASKED_AGAIN = '!';

    /** Asks how many calls there were for orders without a number, which are never answered. */
    static final String UNANSWERED = "unanswered";

    static final String ORDER = "ORDER-";
    /** Larger than this is too large for the endurance run. */
    static final int MAX_REPLY_SIZE = 50_000;

    private final double share;
    private final long seed;
    private final AtomicIntegerArray book;
    private final AtomicInteger unanswered = new AtomicInteger();

    private FaultyResponder(KeyPair keys, int orders, double share, long seed) {
        super(keys, 0);
        this.share = share;
        this.seed = seed;
        this.book = new AtomicIntegerArray(orders);
    }

    /** {@code bits orders share seed} */
    public static void main(String[] args) throws Exception {
        new FaultyResponder(
                        keys(Integer.parseInt(args[0])),
                        Integer.parseInt(args[1]),
                        Double.parseDouble(args[2]),
                        Long.parseLong(args[3]))
                .run(false);
    }

    @Override
    void untilInputEnds() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(line.equals(BOOK) ? book() : Integer.toString(unanswered.get()));
        }
    }

    private String book() {
        StringBuilder text = new StringBuilder(book.length());
        for (int i = 0; i < book.length(); i++) {
            text.append(book.get(i) == 0 ? NEVER_ASKED : (char) book.get(i));
        }
        return text.toString();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // who does not get his reply will say so
    void answer(ChannelHandlerContext context, String head, String form) throws GeneralSecurityException {
        String name = field(form, "mch_order_no");
        if (!name.startsWith(ORDER)) {
            unanswered.incrementAndGet();
            return;
        }
        int order = Integer.parseInt(name.substring(ORDER.length()));
        Fault fault = Fault.of(order, share, seed);
        book.updateAndGet(order, before -> before == 0 ? fault.letter() : ASKED_AGAIN);
        SortedMap<String, String> data = head.startsWith("POST /KsherPay/order_close ") ? closed(form) : paid(form);
        switch (fault) {
            case NONE -> write(context, signed(data));
            case STATUS_503 ->
                write(
                        context,
                        bytes(
                                "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n"
                                        + "<h1>503</h1>"));
            case CLOSED_BEFORE_A_BYTE -> context.close();
            case CUT_IN_THE_MIDDLE -> {
                write(context, most(signed(data))).addListener(ChannelFutureListener.CLOSE);
            }
            case RESET -> {
                context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                context.close();
            }
            case WRONG_SIGNATURE -> write(context, ok(json(data, sign(new TreeMap<>(Map.of("another", "text"))))));
            case NO_SIGNATURE -> write(context, ok(json(data, "")));
            case OTHER_ORDER -> {
                data.put("mch_order_no", ORDER + (order + 1));
                write(context, signed(data));
            }
            case OTHER_NONCE -> {
                data.put("nonce_str", "x".repeat(32));
                write(context, signed(data));
            }
            case REFUSED ->
                write(context, ok("{\"code\":-1,\"msg\":\"error\",\"message\":\"appid error\",\"data\":{}}"));
            case FAILED -> {
                SortedMap<String, String> failed = new TreeMap<>(Map.of(
                        "err_code", "SYSTEMERROR",
                        "err_msg", "system error",
                        "nonce_str", field(form, "nonce_str"),
                        "result", "FAIL"));
                write(context, signed(failed));
            }
            case NOT_JSON -> write(context, ok("<html><body>Welcome to nginx!</body></html>"));
            case TOO_LARGE -> write(context, ok("{\"code\":0,\"message\":\"" + "x".repeat(2 * MAX_REPLY_SIZE) + "\"}"));
            case SILENCE -> {
                // Until the caller has had enough.
            }
            case TRICKLING_HEAD -> {
                write(context, bytes("HTTP/1.1 200 OK\r\nX-Slow: "));
                trickle(context.channel());
            }
            case TRICKLING_BODY -> {
                write(context, most(signed(data)));
                trickle(context.channel());
            }
            case UNASKED_BYTES -> {
                // One write, so that nobody can read the reply without what follows it.
                byte[] reply = signed(data);
                data.put("mch_order_no", ORDER + (order + 1));
                context.writeAndFlush(Unpooled.wrappedBuffer(reply, signed(data)));
            }
            case CLOSED_AFTER_REPLY -> {
                // Held back until the first byte is acknowledged, the rest leaves with the close. Otherwise a caller
                // would
                // now and then be back with his next call between the two, which no client can foresee.
                context.channel().config().setOption(ChannelOption.TCP_NODELAY, false);
                ByteBuf reply = Unpooled.wrappedBuffer(signed(data));
                context.writeAndFlush(reply.readRetainedSlice(1));
                context.writeAndFlush(reply).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    private static SortedMap<String, String> closed(String form) {
        return new TreeMap<>(Map.of(
                "appid", field(form, "appid"),
                "mch_order_no", field(form, "mch_order_no"),
                "nonce_str", field(form, "nonce_str"),
                "result", "SUCCESS"));
    }

    private byte[] signed(SortedMap<String, String> data) throws GeneralSecurityException {
        return ok(json(data, sign(data)));
    }

    /** The head and the beginning of the body. */
    private static byte[] most(byte[] reply) {
        return Arrays.copyOf(reply, reply.length - 100);
    }

    private static ChannelFuture write(ChannelHandlerContext context, byte[] bytes) {
        return context.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    /** A byte now and then, so that no timeout of a socket ever ends it. */
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private static void trickle(Channel channel) {
        Future<?> trickle = channel.eventLoop()
                .scheduleAtFixedRate(
                        () -> channel.writeAndFlush(Unpooled.wrappedBuffer(bytes("x"))),
                        200,
                        200,
                        TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> trickle.cancel(false));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
