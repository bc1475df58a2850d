/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import io.github.camelksher.client.Parameter;
import io.github.camelksher.client.ValueProblem;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A column of the input that is acted on. Files, messages and the journal call it the same. */
public enum Column {
    OPERATION,
    MCH_ORDER_NO,
    KSHER_ORDER_NO,
    CHANNEL_ORDER_NO,
    CHANNEL;

    /** In the order in which one of them names the order. */
    static final List<Column> ORDER_NUMBERS = List.of(MCH_ORDER_NO, KSHER_ORDER_NO, CHANNEL_ORDER_NO);

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The column of this name in lower case; null if it is another one. */
    static @Nullable Column of(String text) {
        for (Column column : values()) {
            if (column.text.equals(text)) {
                return column;
            }
        }
        return null;
    }

    public String text() {
        return text;
    }

    /** Why Ksher does not take a value; null if it does. Not for the operation, which is no parameter. */
    @Nullable
    ValueProblem problem(String value) {
        return parameter().problem(value);
    }

    /** The length of the longest value, in code points. Not for the operation. */
    int maxLength() {
        return parameter().maxLength();
    }

    private Parameter parameter() {
        return Parameter.valueOf(name());
    }
}
