/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherHttpStatusException;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.reply.OrderQueryReply;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What came of each call, to be held against what the responder did to it. One call for each order. */
final class Accounts {

    /** Each outcome's text once: a million calls must not grow the heap that is being watched. */
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    private final @Nullable String[] outcomes;

    Accounts(int orders) {
        outcomes = new String[orders];
    }

    /** Every other call is a command. */
    static boolean isClose(int order) {
        return order % 2 == 1;
    }

    /** Thread-safe, for different orders. */
    void add(int order, String outcome) {
        String all = outcomes[order] == null ? outcome : outcomes[order] + " and " + outcome;
        outcomes[order] = texts.computeIfAbsent(all, text -> text);
    }

    /** How the call of an order ended: {@link Fault#REPLIED}, or the exception and what it says; anything else is a fault of ours. */
    static String outcome(Exchange exchange, String order, boolean close) {
        Object body = exchange.getMessage().getBody();
        Exception failure = exchange.getException();
        if (failure == null) {
            String of = body instanceof OrderCloseReply reply && close && reply.isClosed()
                    ? reply.mchOrderNo()
                    : body instanceof OrderQueryReply query && !close ? query.mchOrderNo() : null;
            boolean signed = Boolean.TRUE.equals(exchange.getMessage().getHeader(KsherConstants.SIGNED));
            return order.equals(of) && signed ? Fault.REPLIED : "replied with " + body;
        }
        if (body != null) {
            return "failed, but with the body " + body;
        }
        if (!(failure instanceof KsherException ksher)) {
            return failure.toString();
        }
        if (!order.equals(ksher.getOrder()) || ksher.isOutcomeUnknown() != close) {
            return failure + " with order " + ksher.getOrder() + ", outcome unknown " + ksher.isOutcomeUnknown();
        }
        return failure.getClass().getSimpleName() + detail(ksher);
    }

    private static String detail(KsherException failure) {
        if (failure instanceof KsherTransportException transport) {
            Throwable cause = transport.getCause();
            return " " + (cause == null ? null : cause.getClass().getSimpleName());
        } else if (failure instanceof KsherSignatureException signature) {
            return " " + signature.getReason();
        } else if (failure instanceof KsherHttpStatusException status) {
            return " " + status.getStatusCode();
        } else if (failure instanceof KsherRejectedException rejected) {
            return " " + rejected.getCode();
        } else if (failure instanceof KsherResultException result) {
            return " " + result.getErrorCode();
        }
        return "";
    }

    /** Calls by outcome, under the names that the component's own counts have. */
    SortedMap<String, Long> counts(boolean close) {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (int order = 0; order < outcomes.length; order++) {
            if (isClose(order) == close) {
                counts.merge(String.valueOf(outcomes[order]).split(" ", 2)[0], 1L, Long::sum);
            }
        }
        return counts;
    }

    /** How often the responder did what. */
    static Map<Fault, Long> done(String book) {
        Map<Fault, Long> done = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            done.put(fault, book.chars().filter(c -> c == fault.letter()).count());
        }
        return done;
    }

    /**
     * What does not fit.
     *
     * @param book the responder's: see {@link FaultyResponder#BOOK}
     * @return nothing if each call was made once and had the one outcome that it must have
     */
    List<String> discrepancies(String book) {
        if (book.length() != outcomes.length) {
            return List.of("the responder's book is of " + book.length() + " orders");
        }
        SortedMap<String, List<Integer>> found = new TreeMap<>();
        boolean raced = raced(book) <= (done(book).getOrDefault(Fault.CLOSED_AFTER_REPLY, 0L) + 99) / 100;
        for (int order = 0; order < outcomes.length; order++) {
            if (raced && hasRaced(book.charAt(order), outcomes[order])) {
                continue;
            }
            String problem = discrepancy(book.charAt(order), outcomes[order]);
            if (problem != null) {
                found.computeIfAbsent(problem, first -> new ArrayList<>()).add(order);
            }
        }
        return found.entrySet().stream()
                .map(problem -> problem.getKey() + ": " + problem.getValue().size() + " calls, such as "
                        + FaultyResponder.ORDER + problem.getValue().get(0))
                .toList();
    }

    /**
     * How many calls lost a race: the server had closed the connection after a reply, and the next request was written before
     * word of that came. Nobody can notice what is still on its way, so one in a hundred such closes may do it.
     */
    long raced(String book) {
        return IntStream.range(0, Math.min(book.length(), outcomes.length))
                .filter(order -> hasRaced(book.charAt(order), outcomes[order]))
                .count();
    }

    private static boolean hasRaced(char entry, @Nullable String outcome) {
        return entry == FaultyResponder.NEVER_ASKED
                && ("KsherTransportException NoHttpResponseException".equals(outcome)
                        || "KsherTransportException SocketException".equals(outcome));
    }

    private static @Nullable String discrepancy(char entry, @Nullable String outcome) {
        if (entry == FaultyResponder.NEVER_ASKED) {
            return "never arrived, '" + outcome + "'";
        }
        if (entry == FaultyResponder.ASKED_AGAIN) {
            return "arrived more than once, '" + outcome + "'";
        }
        Fault fault = Fault.by(entry);
        return fault.outcome().equals(outcome) ? null : fault + " ended as '" + outcome + "'";
    }
}
