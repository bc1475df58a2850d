/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.jspecify.annotations.Nullable;

/**
 * The settings that all transports share.
 *
 * @param userAgent the header of that name
 * @param connectTimeout for TCP and TLS each
 * @param maxConnections per route and in total
 * @param sslContext null for the JVM's default trust
 * @param proxy null for none
 * @param configurer the user's configurer of the HTTP client; null for none
 */
public record PoolSettings(
        String userAgent,
        Duration connectTimeout,
        int maxConnections,
        @Nullable SSLContext sslContext,
        @Nullable HttpProxy proxy,
        @Nullable HttpClientConfigurer configurer) {}
