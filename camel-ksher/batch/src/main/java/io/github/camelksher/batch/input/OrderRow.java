/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import io.github.camelksher.batch.life.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A row of the input, as it is there: nothing is trimmed, "" for nothing.
 *
 * @param line the physical line where its record begins, from 1
 * @param operationText as in the input
 * @param operation null if the row names none; then there is a problem
 * @param problem why the row is INVALID; null if it can be worked on
 */
public record OrderRow(
        long line,
        String operationText,
        @Nullable Operation operation,
        String mchOrderNo,
        String ksherOrderNo,
        String channelOrderNo,
        String channel,
        @Nullable String problem) {

    /** Ksher's limit for every value, in code points. */
    private static final int MAX_CHARACTERS = 32;

    /** A row with these cells, looked at as the component will. */
    public static OrderRow of(
            long line,
            String operationText,
            String mchOrderNo,
            String ksherOrderNo,
            String channelOrderNo,
            String channel) {
        Operation operation = Operation.ofInput(operationText.strip());
        OrderRow row =
                new OrderRow(line, operationText, operation, mchOrderNo, ksherOrderNo, channelOrderNo, channel, null);
        return row.with(row.findProblem());
    }

    /** A row of which nothing could be read. */
    public static OrderRow unreadable(long line, String problem) {
        return new OrderRow(line, "", null, "", "", "", "", problem);
    }

    OrderRow with(@Nullable String otherProblem) {
        return new OrderRow(
                line, operationText, operation, mchOrderNo, ksherOrderNo, channelOrderNo, channel, otherProblem);
    }

    private @Nullable String findProblem() {
        if (operation == null) {
            return "operation must be close or cancel";
        }
        if (mchOrderNo.isBlank() && operation.atGateway()) {
            return "cancel needs mch_order_no";
        }
        if (mchOrderNo.isBlank() && ksherOrderNo.isBlank() && channelOrderNo.isBlank()) {
            return "has no order number";
        }
        String problem = findProblem("mch_order_no", mchOrderNo);
        problem = problem == null ? findProblem("ksher_order_no", ksherOrderNo) : problem;
        problem = problem == null ? findProblem("channel_order_no", channelOrderNo) : problem;
        return problem == null ? findProblem("channel", channel) : problem;
    }

    private static @Nullable String findProblem(String name, String value) {
        if (value.codePointCount(0, value.length()) > MAX_CHARACTERS) {
            return name + " has more than " + MAX_CHARACTERS + " characters";
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            return name + " has control characters";
        }
        // Has no UTF-8 form: it would be sent as another number.
        return value.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)
                ? name + " has half a character"
                : null;
    }

    /** Two rows of a batch with the same ask for the same. Parted by what no number that can be worked on has. */
    public String identity() {
        return operationText.strip()
                + '\n'
                + orNothing(mchOrderNo)
                + '\n'
                + orNothing(ksherOrderNo)
                + '\n'
                + orNothing(channelOrderNo);
    }

    /**
     * Rows with the same are one order and never worked on together. Close and cancel neither, so the operation is no part of it.
     */
    public String orderKey(String appId) {
        if (!mchOrderNo.isBlank()) {
            return appId + "|mch|" + mchOrderNo;
        }
        return ksherOrderNo.isBlank() ? appId + "|channel|" + channelOrderNo : appId + "|ksher|" + ksherOrderNo;
    }

    private static String orNothing(String value) {
        return value.isBlank() ? "" : value;
    }
}
