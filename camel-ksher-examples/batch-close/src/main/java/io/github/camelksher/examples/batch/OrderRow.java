/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the input, as it is there.
 *
 * @param line the physical line where its record begins, from 1
 * @param operationText as in the file
 * @param operation null only if the row is not to be worked on
 * @param problem INVALID or DUPLICATE with the reason; null for a row to be worked on
 */
record OrderRow(
        long line,
        String operationText,
        @Nullable Operation operation,
        String mchOrderNo,
        String ksherOrderNo,
        String channelOrderNo,
        String channel,
        @Nullable Verdict problem) {

    /** Two rows with the same ask for the same. */
    List<String> identity() {
        return List.of(operationText, mchOrderNo, ksherOrderNo, channelOrderNo);
    }

    /**
     * Rows with the same are the same order and must not be worked on together; close and cancel neither, so the operation is
     * no part of it.
     */
    String orderKey() {
        if (!mchOrderNo.isBlank()) {
            return "mch:" + mchOrderNo;
        }
        return ksherOrderNo.isBlank() ? "channel:" + channelOrderNo : "ksher:" + ksherOrderNo;
    }

    OrderRow duplicateOf(long earlierLine) {
        Verdict verdict = new Verdict(Outcome.DUPLICATE, Facts.of("the same as line " + earlierLine));
        return new OrderRow(line, operationText, operation, mchOrderNo, ksherOrderNo, channelOrderNo, channel, verdict);
    }
}
