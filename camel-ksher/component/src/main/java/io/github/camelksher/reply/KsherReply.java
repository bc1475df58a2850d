/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every reply has. Replies are immutable. {@code toString()}, and so Camel's conversion to {@code String}, gives the
 * reply's JSON with {@code openid} and {@code sign} masked.
 */
public sealed interface KsherReply permits BaseReply {

    /** Every field of {@code data} by Ksher's name with its exact text, known or not; empty if data is no object. */
    Map<String, String> fields();

    /** The reply's own JSON, untouched: may hold personal data ({@code openid}), so not for logs. */
    String raw();

    /** Ksher's {@code message}, else its {@code msg}; often Chinese; null if the reply has neither. */
    @Nullable
    String message();

    /** {@code err_code} of a reply whose result is {@code FAIL} ({@code failOnResult=false}); else null. */
    @Nullable
    String errorCode();

    /** {@code err_msg} of such a reply; else null. */
    @Nullable
    String errorMessage();
}
