/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.support;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Ksher's published samples, in {@code src/test/resources/ksher}. */
public final class Samples {

    private Samples() {}

    public static byte[] bytes(String name) {
        try (var in = Samples.class.getResourceAsStream("/ksher/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
