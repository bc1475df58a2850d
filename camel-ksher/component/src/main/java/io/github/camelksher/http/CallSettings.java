/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.time.Duration;
import java.util.Map;

/**
 * The URL, headers and limits of calls.
 *
 * @param url of the calls, without a query
 * @param headers sent with each call, beside HTTP's own
 * @param responseTimeout the longest silence on the socket
 * @param callTimeout of the whole call: waiting for a connection, connecting, reading the last byte
 * @param maxReplySize bytes of the decoded reply
 */
public record CallSettings(
        String url, Map<String, String> headers, Duration responseTimeout, Duration callTimeout, int maxReplySize) {}
