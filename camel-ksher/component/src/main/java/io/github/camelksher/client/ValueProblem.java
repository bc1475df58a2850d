/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.wire.Fields;
import org.jspecify.annotations.Nullable;

/** Why Ksher does not take a value: the rules for headers, options and rows of a batch. */
public enum ValueProblem {
    TOO_LONG,
    CONTROL_CHARACTER,
    /** It has no UTF-8 form: it would be sent as '?', and so name another order. */
    UNPAIRED_SURROGATE;

    /**
     * Checks a value.
     *
     * @param maxLength in code points
     * @return null if Ksher takes the value
     */
    static @Nullable ValueProblem of(String value, int maxLength) {
        if (value.codePointCount(0, value.length()) > maxLength) {
            return TOO_LONG;
        }
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return CONTROL_CHARACTER;
            }
        }
        return Fields.hasUnpairedSurrogate(value) ? UNPAIRED_SURROGATE : null;
    }

    /**
     * Describes the problem of a value, to follow the word "it" or an option's name in a sentence.
     *
     * @param name how the sentence names the value
     * @return null if Ksher takes the value
     */
    public static @Nullable String describe(String name, String value, int maxLength) {
        ValueProblem problem = of(value, maxLength);
        if (problem == null) {
            return null;
        }
        return switch (problem) {
            case TOO_LONG ->
                "has a " + name + " of " + value.codePointCount(0, value.length()) + " characters: Ksher takes "
                        + maxLength + " at most";
            case CONTROL_CHARACTER ->
                "has a control character in its " + name + ": remove it (a line break or tab from a file?)";
            case UNPAIRED_SURROGATE ->
                "has an unpaired surrogate in its " + name + ": it would reach Ksher as another value";
        };
    }
}
