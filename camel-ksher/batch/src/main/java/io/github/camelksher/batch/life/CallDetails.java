/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import org.jspecify.annotations.Nullable;

/**
 * How a call ended. The text is the library's own: a text of Ksher's could be personal.
 *
 * @param code Ksher's code; null if no reply could be parsed
 * @param errorCode Ksher's {@code err_code}; null if there was none
 */
public record CallDetails(String text, @Nullable Integer code, @Nullable String errorCode) {

    public static CallDetails of(String text) {
        return new CallDetails(text, null, null);
    }

    public CallDetails withText(String otherText) {
        return new CallDetails(otherText, code, errorCode);
    }
}
