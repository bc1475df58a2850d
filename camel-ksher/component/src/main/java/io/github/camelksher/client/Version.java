/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build, as Maven filtered it. */
public final class Version {

    /** The header {@code User-Agent} of each request. */
    public static final String USER_AGENT = "camel-ksher/" + read();

    private Version() {}

    private static String read() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
