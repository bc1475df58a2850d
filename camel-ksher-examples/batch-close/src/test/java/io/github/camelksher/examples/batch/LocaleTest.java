/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The machine's locale changes nothing: not how options are read, not the digits, not the dates.
 */
class LocaleTest {

    @TempDir
    Path directory;

    @Test
    void aRunIsTheSameInTurkish() throws Exception {
        runIn("tr-TR");
    }

    @Tag("full")
    @ParameterizedTest
    @ValueSource(strings = {"th-TH-u-nu-thai", "ar-EG"})
    void aRunIsTheSameInEveryOtherLocale(String tag) throws Exception {
        runIn(tag);
    }

    private void runIn(String tag) throws Exception {
        Locale locale = Locale.forLanguageTag(tag);
        List<String> options = List.of(
                "-Duser.language=" + locale.getLanguage(),
                "-Duser.country=" + locale.getCountry(),
                "-Duser.extensions=" + (tag.contains("-u-") ? "u-nu-thai" : ""));
        Path file = Files.writeString(
                directory.resolve("night.csv"),
                "OPERATION,MCH_ORDER_NO\nCLOSE,A\nCANCEL,B\nclose,C\nclose,9.00202E+22\n");
        try (KsherSimulator ksher = TestKsher.start()) {
            ksher.open(KsherOrder.of("A"));
            ksher.open(KsherOrder.gateway("B"));
            ksher.open(KsherOrder.of("C").amount(1_234_567, "THB").state(State.SUCCESS));
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of("batch.parallel", "4"));
            String[] arguments = {file.toString(), "--config", config.toString(), "--report", "out"};
            try (BatchProcess process = BatchProcess.start(directory, "run", options, arguments)) {
                assertThat(process.exitCode(Duration.ofMinutes(2)))
                        .as(process.output())
                        .isEqualTo(ExitCode.NEEDS_PERSON.number());
                assertThat(process.output()).contains("4 rows", "CLOSED                2", "PAID                  1");
                assertThat(process.output().codePoints().filter(Character::isDigit))
                        .allMatch(c -> c < 128);
            }
        }
        List<CSVRecord> rows = ReportFile.rows(report(".report.csv"));
        assertThat(rows)
                .extracting(row -> Outcome.valueOf(row.get("outcome")))
                .containsExactly(Outcome.CLOSED, Outcome.CLOSED, Outcome.PAID, Outcome.INVALID);
        assertThat(rows.get(2).get("detail"))
                .matches("paid 12345\\.67 THB at [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]+ \\(the merchant's local time\\)");
        assertThat(rows.get(0).get("finished_at")).matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z");
        for (String end : List.of(".report.csv", ".attention.csv", ".summary.json", ".report.html")) {
            assertThat(Files.readString(report(end)).codePoints().filter(Character::isDigit))
                    .as(end)
                    .allMatch(c -> c < 128);
        }
    }

    private Path report(String end) throws IOException {
        return ReportFile.find(directory.resolve("out"), end);
    }
}
