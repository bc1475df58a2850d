/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import io.github.camelksher.batch.life.Operation;
import io.github.camelksher.client.Parameter;
import io.github.camelksher.client.ValueProblem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of the input. Its cells are as they came, "" for nothing, so that the report echoes them; what is sent and compared is
 * their {@link #value}.
 *
 * @param line the physical line where its record begins, from 1
 * @param operationText as in the input
 * @param operation null if the row names none; then there is a problem
 * @param problem why the row is INVALID; null if it can be worked on
 * @param others the other columns by their names, for the report only; may be personal
 */
public record OrderRow(
        long line,
        String operationText,
        @Nullable Operation operation,
        String mchOrderNo,
        String ksherOrderNo,
        String channelOrderNo,
        String channel,
        @Nullable String problem,
        Map<String, String> others) {

    /** 12E3 may be a shop's own number; with a sign behind the E, or a decimal sign, it is not. */
    private static final Pattern E_NOTATION = Pattern.compile(
            "[+-]?([0-9]|[0-9]{1,3}[.,][0-9]*) ?[eE] ?[+-]?[0-9]{1,3}|[+-]?[0-9]{1,3} ?[eE] ?[+-][0-9]{1,3}");

    private static final Pattern ERROR_WORD = Pattern.compile("(?i)#(REF!|N/A|VALUE!|NAME\\?|DIV/0!|NUM!|NULL!)");
    private static final Pattern TOO_NARROW = Pattern.compile("#+");

    /** What to do about a number that a spreadsheet has changed. */
    static final String SAVE_AS_TEXT =
            "take the number from where it came from, and give the column the format Text before it is pasted or imported";

    /** A row with these cells, looked at as the component will. */
    public static OrderRow of(
            long line,
            String operationText,
            String mchOrderNo,
            String ksherOrderNo,
            String channelOrderNo,
            String channel) {
        Operation operation = Operation.ofInput(value(operationText));
        OrderRow row = new OrderRow(
                line, operationText, operation, mchOrderNo, ksherOrderNo, channelOrderNo, channel, null, Map.of());
        return row.with(row.findProblem());
    }

    /** A row of which nothing could be read. */
    public static OrderRow unreadable(long line, String problem) {
        return new OrderRow(line, "", null, "", "", "", "", problem, Map.of());
    }

    OrderRow with(@Nullable String otherProblem) {
        return new OrderRow(
                line,
                operationText,
                operation,
                mchOrderNo,
                ksherOrderNo,
                channelOrderNo,
                channel,
                otherProblem,
                others);
    }

    /** The same with other columns, in this order. */
    public OrderRow withOthers(Map<String, String> columns) {
        return new OrderRow(
                line,
                operationText,
                operation,
                mchOrderNo,
                ksherOrderNo,
                channelOrderNo,
                channel,
                problem,
                Collections.unmodifiableMap(new LinkedHashMap<>(columns)));
    }

    /** For logs: the line, nothing else. */
    @Override
    public String toString() {
        return "line " + line;
    }

    /** A cell without the blanks around it, the non-breaking ones of spreadsheets and web pages too. */
    public static String value(String cell) {
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
        if (value(mchOrderNo).isEmpty() && operation.atGateway()) {
            return "cancel needs mch_order_no";
        }
        if (value(mchOrderNo).isEmpty()
                && value(ksherOrderNo).isEmpty()
                && value(channelOrderNo).isEmpty()) {
            return "has no order number";
        }
        String problem = findNumberProblem(Parameter.MCH_ORDER_NO, mchOrderNo);
        problem = problem == null ? findNumberProblem(Parameter.KSHER_ORDER_NO, ksherOrderNo) : problem;
        problem = problem == null ? findNumberProblem(Parameter.CHANNEL_ORDER_NO, channelOrderNo) : problem;
        return problem == null ? findProblem(Parameter.CHANNEL, channel) : problem;
    }

    private static @Nullable String findNumberProblem(Parameter parameter, String cell) {
        String name = parameter.wireName();
        String value = value(cell);
        if (value.isEmpty()) {
            return null;
        }
        if (E_NOTATION.matcher(value).matches()) {
            return name + " is in E-notation: a spreadsheet rounded it, and it may name another order; " + SAVE_AS_TEXT;
        }
        if (ERROR_WORD.matcher(value).matches()) {
            return name
                    + " is an error of a spreadsheet: a formula failed, and its error was saved in place of the number; "
                    + SAVE_AS_TEXT;
        }
        if (TOO_NARROW.matcher(value).matches()) {
            return name + " is nothing but #: the column was too narrow, and the spreadsheet saved what it showed; "
                    + SAVE_AS_TEXT;
        }
        return findProblem(parameter, cell);
    }

    private static @Nullable String findProblem(Parameter parameter, String cell) {
        ValueProblem problem = parameter.problem(value(cell));
        return problem == null
                ? null
                : parameter.wireName()
                        + switch (problem) {
                            case TOO_LONG -> " has more than " + parameter.maxLength() + " characters";
                            case CONTROL_CHARACTER -> " has control characters";
                            case UNPAIRED_SURROGATE -> " has half a character";
                        };
    }

    /** Two rows of a batch with the same ask for the same. Parted by what no number that can be worked on has. */
    public String identity() {
        return (operation == null ? operationText : operation.text())
                + '\n'
                + value(mchOrderNo)
                + '\n'
                + value(ksherOrderNo)
                + '\n'
                + value(channelOrderNo);
    }

    /**
     * Rows with the same are one order and never worked on together. Close and cancel neither, so the operation is no part of it.
     */
    public String orderKey(String appId) {
        String mch = value(mchOrderNo);
        if (!mch.isEmpty()) {
            return appId + "|mch|" + mch;
        }
        String ksher = value(ksherOrderNo);
        return ksher.isEmpty() ? appId + "|channel|" + value(channelOrderNo) : appId + "|ksher|" + ksher;
    }
}
