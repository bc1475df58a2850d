/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The common part of all replies, which are immutable. {@code toString()}, and so Camel's
 * conversion to {@code String}, is the reply's JSON with {@code openid} and {@code sign} masked.
 */
public sealed interface KsherReply permits BaseReply {

    /** Every field of {@code data} with its exact text; empty if data is no object. */
    Map<String, String> fields();

    /** The reply's own JSON. Not for logs: it may have personal data ({@code openid}). */
    String raw();

    /** Ksher's {@code message}, else its {@code msg}; often Chinese; null if there is neither. */
    @Nullable
    String message();

    /** {@code err_code} if the result is {@code FAIL} ({@code failOnResult=false}); else null. */
    @Nullable
    String errorCode();

    /** {@code err_msg} if the result is {@code FAIL}; else null. */
    @Nullable
    String errorMessage();
}
