/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a call's end, in words for the report.
 *
 * @param code Ksher's code; null if no reply could be parsed
 * @param errorCode Ksher's {@code err_code}; null if there was none
 */
record Facts(String detail, @Nullable Integer code, @Nullable String errorCode) {

    static Facts of(String detail) {
        return new Facts(detail, null, null);
    }

    Facts with(String otherDetail) {
        return new Facts(otherDetail, code, errorCode);
    }
}
