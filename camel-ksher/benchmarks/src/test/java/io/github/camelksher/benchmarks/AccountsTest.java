/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountsTest {

    private final Accounts accounts = new Accounts(4);

    private static String book(Fault... faults) {
        StringBuilder book = new StringBuilder();
        for (Fault fault : faults) {
            book.append(fault.letter());
        }
        return book.toString();
    }

    private void eachEndedAs(Fault... faults) {
        for (int order = 0; order < faults.length; order++) {
            accounts.add(order, faults[order].outcome());
        }
    }

    @Test
    void nothingIsWrongIfEachCallEndedAsItMust() {
        eachEndedAs(Fault.NONE, Fault.SILENCE, Fault.CLOSED_AFTER_REPLY, Fault.OTHER_NONCE);
        assertThat(accounts.discrepancies(
                        book(Fault.NONE, Fault.TRICKLING_HEAD, Fault.UNASKED_BYTES, Fault.OTHER_NONCE)))
                .isEmpty();
    }

    @Test
    void tellsOfACallThatEndedOtherwise() {
        eachEndedAs(Fault.NONE, Fault.NONE, Fault.NONE, Fault.RESET);
        assertThat(accounts.discrepancies(
                        book(Fault.NONE, Fault.WRONG_SIGNATURE, Fault.WRONG_SIGNATURE, Fault.SILENCE)))
                .containsExactly(
                        "SILENCE ended as 'KsherTransportException SocketException': 1 calls, such as ORDER-3",
                        "WRONG_SIGNATURE ended as 'replied': 2 calls, such as ORDER-1");
    }

    @Test
    void tellsOfAnOrderThatArrivedTwice() {
        eachEndedAs(Fault.NONE, Fault.NONE, Fault.NONE, Fault.NONE);
        assertThat(accounts.discrepancies(book(Fault.NONE, Fault.NONE, Fault.NONE) + FaultyResponder.ASKED_AGAIN))
                .containsExactly("arrived more than once, 'replied': 1 calls, such as ORDER-3");
    }

    @Test
    void tellsOfAnOrderThatNeverArrived() {
        eachEndedAs(Fault.NONE, Fault.RESET, Fault.NONE, Fault.NONE);
        String book = book(Fault.NONE) + FaultyResponder.NEVER_ASKED + book(Fault.NONE, Fault.NONE);
        assertThat(accounts.discrepancies(book))
                .containsExactly("never arrived, 'KsherTransportException SocketException': 1 calls, such as ORDER-1");
    }

    @Test
    void oneCallMayMeetACloseThatIsStillOnItsWayButNoMore() {
        eachEndedAs(Fault.NONE, Fault.RESET, Fault.RESET, Fault.NONE);
        String one = book(Fault.CLOSED_AFTER_REPLY, Fault.RESET) + FaultyResponder.NEVER_ASKED + book(Fault.NONE);
        assertThat(accounts.discrepancies(one)).isEmpty();
        assertThat(accounts.raced(one)).isEqualTo(1);
        String two = one.replace(Fault.RESET.letter(), FaultyResponder.NEVER_ASKED);
        assertThat(accounts.discrepancies(two))
                .containsExactly("never arrived, 'KsherTransportException SocketException': 2 calls, such as ORDER-1");
    }

    @Test
    void tellsOfACallThatHadNoOutcomeOrTwo() {
        eachEndedAs(Fault.NONE, Fault.NONE, Fault.NONE);
        accounts.add(0, Fault.RESET.outcome());
        assertThat(accounts.discrepancies(book(Fault.NONE, Fault.NONE, Fault.NONE, Fault.NONE)))
                .containsExactly(
                        "NONE ended as 'null': 1 calls, such as ORDER-3",
                        "NONE ended as 'replied and KsherTransportException SocketException': 1 calls, such as ORDER-0");
    }

    @Test
    void tellsOfABookThatIsNotWhole() {
        eachEndedAs(Fault.NONE, Fault.NONE, Fault.NONE, Fault.NONE);
        assertThat(accounts.discrepancies(book(Fault.NONE))).containsExactly("the responder's book is of 1 orders");
    }

    @Test
    void countsQueriesAndCommandsAsTheComponentDoes() {
        eachEndedAs(Fault.NONE, Fault.RESET, Fault.NOT_JSON, Fault.SILENCE);
        assertThat(accounts.counts(false)).isEqualTo(Map.of("replied", 1L, "KsherMalformedReplyException", 1L));
        assertThat(accounts.counts(true)).isEqualTo(Map.of("KsherTransportException", 2L));
    }
}
