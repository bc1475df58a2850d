/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.errors;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorHandlingTest {

    @Test
    void everyOrderEndsAsItIsInTruthOrWithAPerson() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        new ErrorHandling(new PrintStream(printed, true, StandardCharsets.UTF_8)).run(Duration.ofMillis(1));

        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.subList(0, 30))
                .containsExactly(
                        "ORDER-1  nothing goes wrong",
                        "  calls:  gatewayQuery, gatewayCancel, gatewayQuery",
                        "  ends:   cancelled",
                        "  truth:  CLOSED",
                        "ORDER-2  the query is answered with HTTP 503, twice",
                        "  calls:  gatewayQuery, gatewayQuery, gatewayQuery, gatewayCancel, gatewayQuery",
                        "  ends:   cancelled",
                        "  truth:  CLOSED",
                        "ORDER-3  the cancel is carried out, but its reply is lost",
                        "  calls:  gatewayQuery, gatewayCancel, gatewayQuery",
                        "  ends:   cancelled",
                        "  truth:  CLOSED",
                        "ORDER-4  the cancel is lost on its way",
                        "  calls:  gatewayQuery, gatewayCancel, gatewayQuery, gatewayCancel, gatewayQuery",
                        "  ends:   cancelled",
                        "  truth:  CLOSED",
                        "ORDER-5  the cancel is answered with HTTP 429, twice",
                        "  calls:  gatewayQuery, gatewayCancel, gatewayCancel, gatewayCancel, gatewayQuery",
                        "  ends:   cancelled",
                        "  truth:  CLOSED",
                        "ORDER-6  it was cancelled before, and the first query did not know yet (-5)",
                        "  calls:  gatewayQuery, gatewayCancel, gatewayQuery",
                        "  ends:   cancelled",
                        "  truth:  CLOSED",
                        "ORDER-7  the customer pays while it is being cancelled",
                        "  calls:  gatewayQuery, gatewayCancel, gatewayQuery",
                        "  ends:   paid: deliver",
                        "  truth:  SUCCESS",
                        "ORDER-8  the query's signature is wrong",
                        "  calls:  gatewayQuery");
        assertThat(lines.get(30))
                .startsWith("  ends:   a person must look: gatewayQuery of order 'ORDER-8'")
                .contains("signature");
        assertThat(lines.subList(31, 38))
                .containsExactly(
                        "  truth:  NOTSURE",
                        "ORDER-9  the customer pays between the query and the cancel (-4)",
                        "  calls:  gatewayQuery, gatewayCancel, gatewayQuery",
                        "  ends:   paid: deliver",
                        "  truth:  SUCCESS",
                        "ORDER-10  the cancel's reply is lost, and no query after it is answered",
                        "  calls:  gatewayQuery, gatewayCancel, " + String.join(", ", nCopies(6, "gatewayQuery")));
        assertThat(lines.get(38))
                .startsWith("  ends:   a person must look: a cancel may have been carried out; gatewayQuery of order")
                .contains("503");
        assertThat(lines.subList(39, lines.size())).containsExactly("  truth:  CLOSED");
    }
}
