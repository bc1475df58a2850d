/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.time.Duration;
import java.util.Map;

/**
 * Where calls go, and within which limits.
 *
 * @param url of the calls, without a query
 * @param headers sent with each call, beside HTTP's own
 * @param responseTimeout how long the socket may be silent
 * @param callTimeout the whole call: waiting for a connection, connecting, and the reply to its last byte
 * @param maxReplySize bytes of the decoded reply
 */
public record HttpTarget(
        String url, Map<String, String> headers, Duration responseTimeout, Duration callTimeout, int maxReplySize) {}
