/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a call's end, in our words: they go into the journal and the report, so no text of Ksher's is among them.
 *
 * @param code Ksher's code; null if no reply could be parsed
 * @param errorCode Ksher's {@code err_code}; null if there was none
 */
public record Facts(String detail, @Nullable Integer code, @Nullable String errorCode) {

    public static Facts of(String detail) {
        return new Facts(detail, null, null);
    }

    public Facts with(String otherDetail) {
        return new Facts(otherDetail, code, errorCode);
    }
}
