/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.support;

import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * What the Camel line of the tests lacks. The pom in {@code ../compat} must list it,
 * or the tests fail.
 */
public final class Lines {

    private Lines() {}

    /** Skips the test, and prints why, only if the line's pom says that it lacks the artifact. */
    public static void need(String artifact) {
        boolean lacking =
                List.of(System.getProperty("camel.line.lacks", "").split(",")).contains(artifact);
        if (lacking) {
            System.out.println("SKIPPED on Camel " + System.getProperty("expected.camel.version") + ": there is no "
                    + artifact + " to test with");
        }
        Assumptions.assumeFalse(lacking, artifact);
    }
}
