/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.time.Duration;
import java.time.Instant;

/** What a header Retry-After says, for the fuzz target of the client: the parser is nobody's outside its package. */
public final class RetryAfterOf {

    private RetryAfterOf() {}

    /** Null if the header is absent or cannot be read. */
    public static Duration header(String text) {
        return RetryAfter.parse(text, Instant.parse("2026-11-23T00:00:00Z"));
    }
}
