/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds numbers that a spreadsheet rounded: it keeps 15 digits and writes zeros for the others. One
 * such number can be genuine. If most numbers of one length in the file end so, the spreadsheet did
 * it, and they may name other orders.
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

        /** One number is no evidence, however many rows have it. */
        boolean isMost() {
            return different && rounded * 2 > all;
        }
    }

    /** By length, whatever the column. */
    private final Map<Integer, Count> counts = new HashMap<>();

    void add(OrderRow row) {
        Column.ORDER_NUMBERS.forEach(column -> add(row.value(column)));
    }

    private void add(String number) {
        if (LONG_NUMBER.matcher(number).matches()) {
            counts.computeIfAbsent(number.length(), length -> new Count()).add(number);
        }
    }

    /** The row, INVALID if one of its numbers was rounded. */
    OrderRow check(OrderRow row) {
        if (row.problem() != null || counts.isEmpty()) {
            return row;
        }
        return Column.ORDER_NUMBERS.stream()
                .map(column -> problem(column, row.value(column)))
                .filter(Objects::nonNull)
                .findFirst()
                .map(row::withProblem)
                .orElse(row);
    }

    private @Nullable String problem(Column column, String number) {
        Count count = counts.get(number.length());
        if (count == null || !count.isMost() || !ROUNDED.matcher(number).matches()) {
            return null;
        }
        return column.text() + " has zeros from its 16th digit on, as " + count.rounded + " of " + count.all
                + " numbers of this length: a spreadsheet rounded it, and it may name another order; "
                + OrderRow.SAVE_AS_TEXT;
    }
}
