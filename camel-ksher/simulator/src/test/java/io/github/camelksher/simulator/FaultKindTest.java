/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.fault.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A new fault is one constant of {@link FaultKind}: documentation and control API follow. */
class FaultKindTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    private final Merchant merchant = new Merchant(KSHER.simulator());

    @Test
    void theDocumentationDescribesEachFaultInItsOwnWords() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../../docs/simulator.md"));
        int head = lines.indexOf("| kind | what happens | carried out |");
        assertThat(lines.subList(head + 2, lines.size()).stream().takeWhile(line -> line.startsWith("|")))
                .containsExactlyElementsOf(Arrays.stream(FaultKind.values())
                        .map(FaultKindTest::row)
                        .toList());
    }

    private static String row(FaultKind kind) {
        Fault fault = Fault.of(kind);
        String carriedOut =
                kind.carriesOut(fault) ? "yes" : kind.carriesOut(fault.afterCarryingOut()) ? "with `carriedOut`" : "no";
        return "| `" + kind + "` | " + kind.description() + " | " + carriedOut + " |";
    }

    @Test
    void theDocumentationNamesTheFaultsOfANotification() throws IOException {
        String names = String.join(
                ", ",
                Arrays.stream(FaultKind.values())
                        .filter(FaultKind::forgesNotifications)
                        .map(kind -> "`" + kind + "`")
                        .toList());
        assertThat(Files.readString(Path.of("../../docs/simulator.md")).replaceAll("\\s+", " "))
                .contains("The faults of a notification are " + names + ".");
    }

    @ParameterizedTest
    @EnumSource(FaultKind.class)
    void theControlApiArmsEachFaultByItsName(FaultKind kind) throws Exception {
        // A refusal is the only fault whose parameter has no default.
        String body = "{\"kind\":\"" + kind + "\",\"code\":-6}";
        assertThat(merchant.control("POST", "/faults", body).http().statusCode())
                .isEqualTo(200);
    }

    @Test
    void theControlApiNamesAllFaultsIfItDoesNotKnowOne() throws Exception {
        String error = merchant.control("POST", "/faults", "{\"kind\":\"BOOM\"}")
                .json()
                .get("error")
                .asText();
        assertThat(error).contains("'BOOM'").contains(Arrays.toString(FaultKind.values()));
    }
}
