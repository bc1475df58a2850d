/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.client.ValueProblem;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of the input. Its cells are as they came, so that the report can repeat them; what is sent
 * and compared is their {@link #value(Column) value}.
 *
 * @param line the physical line where its record begins, from 1
 * @param cells the columns that are acted on; a missing one is empty
 * @param operation null if the row names none; then there is a problem
 * @param problem why the row is INVALID; null if it can be worked on
 * @param others the other columns by their names, for the report only; may be personal
 */
public record OrderRow(
        long line,
        Map<Column, String> cells,
        @Nullable RowOperation operation,
        @Nullable String problem,
        Map<String, String> others) {

    /** 12E3 may be a shop's own number, but not with a sign after the E or with a decimal sign. */
    private static final Pattern E_NOTATION = Pattern.compile(
            "[+-]?([0-9]|[0-9]{1,3}[.,][0-9]*) ?[eE] ?[+-]?[0-9]{1,3}|[+-]?[0-9]{1,3} ?[eE] ?[+-][0-9]{1,3}");

    private static final Pattern ERROR_WORD = Pattern.compile("(?i)#(REF!|N/A|VALUE!|NAME\\?|DIV/0!|NUM!|NULL!)");
    private static final Pattern TOO_NARROW = Pattern.compile("#+");

    /** What to do about a number that a spreadsheet changed. */
    static final String SAVE_AS_TEXT =
            "take the number from where it came from, and give the column the format Text before it is pasted or"
                    + " imported";

    /** A row with these cells, checked as the component checks what it sends. */
    public static OrderRow of(long line, Map<Column, String> cells) {
        Map<Column, String> all = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            all.put(column, cells.getOrDefault(column, ""));
        }
        OrderRow row = new OrderRow(
                line,
                Collections.unmodifiableMap(all),
                RowOperation.ofInput(value(all.getOrDefault(Column.OPERATION, ""))),
                null,
                Map.of());
        return row.withProblem(row.findProblem());
    }

    /** A row of which nothing could be read. */
    public static OrderRow unreadable(long line, String problem) {
        return of(line, Map.of()).withProblem(problem);
    }

    OrderRow withProblem(@Nullable String otherProblem) {
        return new OrderRow(line, cells, operation, otherProblem, others);
    }

    public OrderRow withOperation(RowOperation otherOperation) {
        return new OrderRow(line, cells, otherOperation, problem, others);
    }

    /** The same with other columns, in this order. */
    public OrderRow withOthers(Map<String, String> columns) {
        return new OrderRow(line, cells, operation, problem, Collections.unmodifiableMap(new LinkedHashMap<>(columns)));
    }

    /** A cell as it came; "" if there is none. */
    public String cell(Column column) {
        return cells.getOrDefault(column, "");
    }

    /** A cell without the blanks around it. */
    public String value(Column column) {
        return value(cell(column));
    }

    /** For logs: the line, nothing else. */
    @Override
    public String toString() {
        return "line " + line;
    }

    /** A cell without the blanks around it, including the no-break ones of spreadsheets. */
    static String value(String cell) {
        int start = 0;
        int end = cell.length();
        while (start < end && isBlank(cell.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(cell.charAt(end - 1))) {
            end--;
        }
        return cell.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private @Nullable String findProblem() {
        if (operation == null) {
            return "operation must be close or cancel";
        }
        if (value(Column.MCH_ORDER_NO).isEmpty() && operation.atGateway()) {
            return "cancel needs mch_order_no";
        }
        if (Column.ORDER_NUMBERS.stream().allMatch(number -> value(number).isEmpty())) {
            return "has no order number";
        }
        return Stream.concat(
                        Column.ORDER_NUMBERS.stream().map(this::findNumberProblem),
                        Stream.of(Column.CHANNEL).map(this::findProblem))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private @Nullable String findNumberProblem(Column column) {
        String value = value(column);
        String name = column.text();
        if (value.isEmpty()) {
            return null;
        }
        if (E_NOTATION.matcher(value).matches()) {
            return name + " is in E-notation: a spreadsheet rounded it, and it may name another order; " + SAVE_AS_TEXT;
        }
        if (ERROR_WORD.matcher(value).matches()) {
            return name
                    + " is an error of a spreadsheet: a formula failed, and its error was saved in place of the"
                    + " number; "
                    + SAVE_AS_TEXT;
        }
        if (TOO_NARROW.matcher(value).matches()) {
            return name + " is nothing but #: the column was too narrow, and the spreadsheet saved what it showed; "
                    + SAVE_AS_TEXT;
        }
        return findProblem(column);
    }

    private @Nullable String findProblem(Column column) {
        String value = value(column);
        ValueProblem problem = column.problem(value);
        return problem == null
                ? null
                : column.text()
                        + switch (problem) {
                            case TOO_LONG -> " has more than " + column.maxLength() + " characters";
                            case CONTROL_CHARACTER -> " has control characters";
                            case UNPAIRED_SURROGATE -> " has an unpaired surrogate";
                        };
    }

    /**
     * What the row asks for: a later row of the batch with the same identity is a DUPLICATE. The
     * parts are separated by a character that no valid number has.
     */
    public String identity() {
        return (operation == null ? cell(Column.OPERATION) : operation.text())
                + Column.ORDER_NUMBERS.stream()
                        .map(number -> '\n' + value(number))
                        .collect(Collectors.joining());
    }

    /**
     * The order that the row names: rows with the same key are never worked on together. The
     * operation is no part of it, so a close and a cancel of one number do not run together either.
     */
    public String orderKey(String appId) {
        String mch = value(Column.MCH_ORDER_NO);
        if (!mch.isEmpty()) {
            return appId + "|mch|" + mch;
        }
        String ksher = value(Column.KSHER_ORDER_NO);
        return ksher.isEmpty() ? appId + "|channel|" + value(Column.CHANNEL_ORDER_NO) : appId + "|ksher|" + ksher;
    }
}
