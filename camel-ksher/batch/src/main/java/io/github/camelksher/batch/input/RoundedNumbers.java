/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that a spreadsheet rounded: it keeps 15 digits, and writes zeros for the others. One such number can be genuine. If
 * most of the file's numbers of one length are so, the spreadsheet did it, and they may name other orders.
 *
 * <p>Filled by the first reading of a file, asked by the second. Holds one number a length.
 */
final class RoundedNumbers {

    private static final Pattern LONG_NUMBER = Pattern.compile("[0-9]{16,64}");
    private static final Pattern ROUNDED = Pattern.compile("[1-9][0-9]{14}0+");

    private static final class Count {

        private long all;
        private long rounded;
        private String first = "";
        private boolean different;

        void add(String number) {
            all++;
            if (ROUNDED.matcher(number).matches()) {
                rounded++;
                first = first.isEmpty() ? number : first;
                different |= !first.equals(number);
            }
        }

        /** The same number in many rows is still one number. */
        boolean isMost() {
            return different && rounded * 2 > all;
        }
    }

    /** By length, in whatever column. */
    private final Map<Integer, Count> counts = new HashMap<>();

    void add(OrderRow row) {
        add(row.mchOrderNo());
        add(row.ksherOrderNo());
        add(row.channelOrderNo());
    }

    private void add(String cell) {
        String number = OrderRow.value(cell);
        if (LONG_NUMBER.matcher(number).matches()) {
            counts.computeIfAbsent(number.length(), length -> new Count()).add(number);
        }
    }

    /** The row, with a problem if one of its numbers was rounded. */
    OrderRow check(OrderRow row) {
        if (row.problem() != null || counts.isEmpty()) {
            return row;
        }
        String problem = problem("mch_order_no", row.mchOrderNo());
        problem = problem == null ? problem("ksher_order_no", row.ksherOrderNo()) : problem;
        problem = problem == null ? problem("channel_order_no", row.channelOrderNo()) : problem;
        return problem == null ? row : row.with(problem);
    }

    private @Nullable String problem(String column, String cell) {
        String number = OrderRow.value(cell);
        Count count = counts.get(number.length());
        if (count == null || !count.isMost() || !ROUNDED.matcher(number).matches()) {
            return null;
        }
        return column + " has zeros from its 16th digit on, as " + count.rounded + " of " + count.all
                + " numbers of this length: a spreadsheet rounded it, and it may name another order; "
                + OrderRow.SAVE_AS_TEXT;
    }
}
