/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What {@link FaultyResponder} does with a call, and what must come of the call then. */
enum Fault {
    NONE('A', 0, Fault.REPLIED),
    STATUS_503('B', 10, "KsherHttpStatusException 503"),
    CLOSED_BEFORE_A_BYTE('C', 10, "KsherTransportException NoHttpResponseException"),
    CUT_IN_THE_MIDDLE('D', 10, "KsherTransportException ConnectionClosedException"),
    RESET('E', 10, "KsherTransportException SocketException"),
    WRONG_SIGNATURE('F', 10, "KsherSignatureException MISMATCH"),
    NO_SIGNATURE('G', 10, "KsherSignatureException MISSING"),
    OTHER_ORDER('H', 10, "KsherSignatureException OTHER_ORDER"),
    OTHER_NONCE('I', 10, "KsherSignatureException OTHER_CALL"),
    REFUSED('J', 10, "KsherRejectedException -1"),
    FAILED('K', 10, "KsherResultException SYSTEMERROR"),
    NOT_JSON('L', 10, "KsherMalformedReplyException"),
    TOO_LARGE('M', 10, "KsherMalformedReplyException"),
    // These three last as long as a call may: few, or the run would be one of waiting.
    SILENCE('N', 1, Fault.TIMED_OUT),
    TRICKLING_HEAD('O', 1, Fault.TIMED_OUT),
    TRICKLING_BODY('P', 1, Fault.TIMED_OUT),
    // The call gets its reply, and the next one must not notice.
    UNASKED_BYTES('Q', 10, Fault.REPLIED),
    CLOSED_AFTER_REPLY('R', 10, Fault.REPLIED);

    static final String REPLIED = "replied";
    static final String TIMED_OUT = "KsherTransportException SocketTimeoutException";

    private static final int WEIGHTS =
            Arrays.stream(values()).mapToInt(fault -> fault.weight).sum();

    private final char letter;
    private final int weight;
    private final String outcome;

    Fault(char letter, int weight, String outcome) {
        this.letter = letter;
        this.weight = weight;
        this.outcome = outcome;
    }

    /** In the responder's book. */
    char letter() {
        return letter;
    }

    /** The one with a letter. */
    static Fault by(char letter) {
        return Arrays.stream(values())
                .filter(fault -> fault.letter == letter)
                .findFirst()
                .orElseThrow();
    }

    /** As {@link Accounts#outcome} has it. */
    String outcome() {
        return outcome;
    }

    /** The order's fate, the same in each run with this seed, whoever comes first. */
    static Fault of(int order, double share, long seed) {
        SplittableRandom random = new SplittableRandom(seed + order);
        if (random.nextDouble() >= share) {
            return NONE;
        }
        int left = random.nextInt(WEIGHTS);
        for (Fault fault : values()) {
            left -= fault.weight;
            if (left < 0) {
                return fault;
            }
        }
        throw new IllegalStateException();
    }
}
