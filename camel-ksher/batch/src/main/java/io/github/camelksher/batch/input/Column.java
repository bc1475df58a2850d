/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A column of the input that is acted on. Files, messages and the journal call it the same. */
public enum Column {
    OPERATION(32),
    MCH_ORDER_NO(32),
    KSHER_ORDER_NO(32),
    /** Ksher's page says 32, but the numbers of real card payments are longer. */
    CHANNEL_ORDER_NO(64),
    CHANNEL(32);

    /** In the order in which one of them names the order. */
    static final List<Column> ORDER_NUMBERS = List.of(MCH_ORDER_NO, KSHER_ORDER_NO, CHANNEL_ORDER_NO);

    private final String text = name().toLowerCase(Locale.ROOT);
    private final int maxLength;

    Column(int maxLength) {
        this.maxLength = maxLength;
    }

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

    /** How long a value may be, in code points. */
    int maxLength() {
        return maxLength;
    }
}
