/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import org.jspecify.annotations.Nullable;

/** An HTTP proxy; user and password are null if it needs none. */
public record HttpProxy(String host, int port, @Nullable String user, @Nullable String password) {

    /** Without user and password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
