/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EnduranceTest {

    @Test
    void aShortRunIsFlatAndAccountsForEveryCall() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int exit = new CommandLine(new Endurance(new PrintStream(output, true, StandardCharsets.UTF_8)))
                .execute(
                        "--calls",
                        "2000",
                        "--callers",
                        "16",
                        "--faults",
                        "0.1",
                        "--samples",
                        "4",
                        // With which each fault occurs, and all that last for a callTimeout at one time.
                        "--seed",
                        "79634");
        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("Left behind: nothing", "Flat, and every call accounted for.")
                .doesNotContain("PROBLEM");
        assertThat(exit).isZero();
    }
}
