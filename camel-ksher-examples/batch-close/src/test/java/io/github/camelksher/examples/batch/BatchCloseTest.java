/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BatchCloseTest {

    @TempDir
    Path directory;

    private final StringWriter printed = new StringWriter();

    private int run(Object... args) {
        CommandLine commandLine = new CommandLine(new BatchClose());
        commandLine.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(printed, true));
        List<String> all =
                new ArrayList<>(List.of("--report", directory.resolve("out").toString()));
        List.of(args).forEach(arg -> all.add(arg.toString()));
        return ErrorMessages.execute(commandLine, all.toArray(String[]::new));
    }

    private Path orders(String rows) throws Exception {
        return Files.writeString(directory.resolve("orders.csv"), "operation,mch_order_no,ksher_order_no\n" + rows);
    }

    private Path config(KsherSimulator ksher, Map<String, String> changes) throws Exception {
        Properties properties = new Properties();
        Path key = Files.writeString(directory.resolve("key.pem"), ksher.merchantKey());
        properties.setProperty("camel.component.ksher.app-id", ksher.appId());
        properties.setProperty("camel.component.ksher.private-key", "file:" + key);
        properties.setProperty("camel.component.ksher.ksher-public-key", ksher.publicKey());
        properties.setProperty("camel.component.ksher.api-url", ksher.apiUrl());
        properties.setProperty("camel.component.ksher.gateway-url", ksher.gatewayUrl());
        properties.setProperty("batch.query-interval", "50ms");
        properties.setProperty("batch.give-up-after", "2s");
        properties.putAll(changes);
        Path file = directory.resolve("ksher.properties");
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }

    private List<CSVRecord> report() throws Exception {
        return ReportFile.rows(only(".report.csv"));
    }

    private static KsherSimulator simulator() throws Exception {
        return KsherSimulator.builder()
                .port(0)
                .queryInterval(Duration.ofMillis(50))
                .start();
    }

    @Test
    void theDemosReportAgreesWithTheSimulatorsOwnRecordRowByRow() throws Exception {
        try (KsherSimulator ksher = Demo.start()) {
            Path report = directory.resolve("out");
            Settings settings = Demo.setUp(new Settings(Map.of()), ksher).with(Settings.REPORT, report);
            Path file = Files.write(directory.resolve(Demo.FILE), Demo.orders());
            Application application = new Application(new PrintWriter(printed, true), settings, settings.batch());
            assertThat(application.run(new CloseFile(application, file, false))).isEqualTo(ExitCode.NEEDS_PERSON);
            List<CSVRecord> rows = report();
            assertThat(rows)
                    .extracting(row -> row.get("line"))
                    .doesNotHaveDuplicates()
                    .hasSize(30);
            rows.forEach(row -> agrees(row, ksher));
            assertThat(rows.stream().map(row -> row.get("outcome")).collect(Collectors.toSet()))
                    .as("a demo shows all of them, but what a lying Ksher would take")
                    .contains("PAID", "CLOSED", "ALREADY_CLOSED", "REFUNDED", "NOT_FOUND", "REFUSED", "NOT_CLOSED")
                    .contains("UNTRUSTED", "INVALID", "DUPLICATE");
            assertThat(ksher.calls())
                    .as("no query came sooner than Ksher allows")
                    .noneMatch(call -> "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS".equals(call.error())
                            || Integer.valueOf(-100).equals(call.code()));
            for (String end : List.of(".report.csv", ".attention.csv", ".summary.json", ".report.html")) {
                assertThat(printed + Files.readString(only(end))).doesNotContain("not-for-reports", "BEGIN", "sign=");
            }
        }
    }

    @Test
    void theDemoEndsWithWhyItsExitCodeIsTwo() throws Exception {
        assertThat(run()).isEqualTo(ExitCode.NEEDS_PERSON.number());
        assertThat(printed.toString().lines().reduce((before, last) -> last).orElseThrow())
                .contains("exit code is 2", "intended", "need a person");
        assertThat(report())
                .filteredOn(row -> row.get("mch_order_no").equals("SHOP-1003"))
                .extracting(row -> row.get("remark"))
                .containsExactly("payment page that nobody opened");
    }

    private Path only(String end) throws Exception {
        return ReportFile.find(directory.resolve("out"), end);
    }

    private static void agrees(CSVRecord row, KsherSimulator ksher) {
        String number = row.get("mch_order_no").isEmpty() ? "SHOP-1002" : row.get("mch_order_no");
        Outcome outcome = Outcome.valueOf(row.get("outcome"));
        if (outcome == Outcome.NOT_FOUND || outcome == Outcome.INVALID || outcome == Outcome.DUPLICATE) {
            return;
        }
        State state = ksher.order(number).state();
        List<CallRecord> commands = ksher.calls().stream()
                .filter(call -> call.order().equals(number) && !call.operation().endsWith("Query"))
                .toList();
        switch (outcome) {
            case PAID -> assertThat(state).as(number).isEqualTo(State.SUCCESS);
            case CLOSED -> assertThat(state).as(number).isEqualTo(State.CLOSED);
            case ALREADY_CLOSED -> assertThat(commands).as(number).isEmpty();
            case REFUNDED -> assertThat(state).as(number).isEqualTo(State.REFUND);
            case REFUSED, NOT_CLOSED -> assertThat(state).as(number).isEqualTo(State.USERPAYING);
            default -> assertThat(outcome).as(number).isEqualTo(Outcome.UNTRUSTED);
        }
        assertThat(commands)
                .as(number)
                .noneMatch(call -> call.stateBefore() == State.SUCCESS && call.stateAfter() == State.CLOSED);
    }

    @Test
    void aDemoThatIsStoppedSaysThatNothingIsKeptAndLeavesNothing() throws Exception {
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        List<String> options = List.of("-Djava.io.tmpdir=" + temporary);
        try (BatchProcess process = BatchProcess.start(directory, "demo", options)) {
            process.awaitOutput("batch sample-orders", Duration.ofSeconds(60));
            process.terminate();
            assertThat(process.exitCode(Duration.ofSeconds(60))).isEqualTo(ExitCode.UNFINISHED.number());
            assertThat(process.output())
                    .contains("Stopped: on request", "Nothing of the demo is kept: run it again.")
                    .doesNotContain("what is settled stays");
            try (var left = Files.list(temporary)) {
                assertThat(left.map(file -> file.getFileName().toString()))
                        .noneMatch(name -> name.startsWith("batch-close"));
            }
        }
    }

    @Test
    void aFileWhoseOrdersAllSettleEndsWithZero() throws Exception {
        try (KsherSimulator ksher = simulator()) {
            ksher.open(KsherOrder.of("A"));
            ksher.open(KsherOrder.gateway("B").state(State.SUCCESS));
            ksher.open(KsherOrder.gateway("C"));
            int exit = run(orders("Close,A,\ncancel,B,\nclose, A,\nCANCEL,C,\n"), "--config", config(ksher, Map.of()));
            assertThat(exit).as(printed.toString()).isZero();
            assertThat(report())
                    .extracting(row -> row.get("outcome"))
                    .containsExactly("CLOSED", "PAID", "DUPLICATE", "CLOSED");
            assertThat(printed.toString()).contains("PAID                  1  deliver the goods");
            assertThat(printed.toString().lines().findFirst().orElseThrow())
                    .contains(ksher.appId(), "127.0.0.1", "4 rows");
        }
    }

    @Test
    void theWrongKeyStopsTheBatchWithAMessageAndWithoutAReport() throws Exception {
        try (KsherSimulator ksher = simulator()) {
            ksher.open(KsherOrder.of("A"));
            Map<String, String> other = Map.of("camel.component.ksher.app-id", "mch999");
            assertThat(run(orders("close,A,\n"), "--config", config(ksher, other)))
                    .isEqualTo(1);
            assertThat(printed.toString()).contains("app-id", "run the same again");
            assertThat(directory.resolve("out").resolve("orders.report.csv")).doesNotExist();
            assertThat(ksher.order("A").state()).isEqualTo(State.NOTPAY);
        }
    }

    @Test
    void wrongUsageAndUnusableFilesEndWith64AndSayWhatIsWrong() throws Exception {
        assertThat(run("no-such-file.csv")).isEqualTo(64);
        assertThat(run("--parallel", "0")).isEqualTo(64);
        assertThat(run("--nonsense")).isEqualTo(64);
        assertThat(run(Files.writeString(directory.resolve("x.csv"), "a,b\n1,2\n")))
                .isEqualTo(64);
        assertThat(run(orders("close,A,\n"))).isEqualTo(64);
        assertThat(run(orders("close,A,\n"), "--config", "no-such.properties")).isEqualTo(64);
        Path config = Files.writeString(directory.resolve("c.properties"), "camel.component.ksher.app-number=x\n");
        assertThat(run(orders("close,A,\n"), "--config", config)).isEqualTo(64);
        assertThat(printed.toString())
                .contains(
                        "Cannot read no-such-file.csv: there is no such file",
                        "Cannot read the settings in no-such.properties: there is no such file",
                        "--parallel",
                        "--nonsense",
                        "no usable header",
                        "appId",
                        "there is no setting camel.component.ksher.app-number");
    }

    @Test
    void anOrderOfTheOtherPairIsNotFoundAndTheReportSaysWhatToTry() throws Exception {
        try (KsherSimulator ksher = simulator()) {
            ksher.open(KsherOrder.of("A"));
            ksher.open(KsherOrder.gateway("B"));
            assertThat(run(orders("cancel,A,\nclose,B,\n"), "--config", config(ksher, Map.of())))
                    .isEqualTo(ExitCode.NEEDS_PERSON.number());
            assertThat(report()).extracting(row -> row.get("outcome")).containsOnly("NOT_FOUND");
            assertThat(report().get(0).get("detail")).contains("is closed with close");
            assertThat(report().get(1).get("detail")).contains("is cancelled with cancel");
        }
    }

    @Test
    void helpEndsWithZeroAndIsNoWiderThanATerminal() {
        assertThat(run("--help")).isZero();
        assertThat(printed.toString()).contains("--report", "--config", "Exit:");
        assertThat(printed.toString().lines()).allMatch(line -> line.length() < BatchClose.HELP_WIDTH);
    }

    @Test
    void helpIsNeverWrappedInsideAWord() {
        run("--help");
        Set<String> words = new HashSet<>(List.of(printed.toString().split("\\s+")));
        Set<String> written = new HashSet<>();
        CommandLine.Model.CommandSpec spec = new CommandLine(new BatchClose()).getCommandSpec();
        spec.options()
                .forEach(option -> written.addAll(
                        List.of(String.join(" ", option.description()).split("\\s+"))));
        written.addAll(List.of(String.join(" ", spec.usageMessage().footer()).split("\\s+")));
        written.addAll(
                List.of(String.join(" ", spec.usageMessage().customSynopsis()).split("\\s+")));
        written.remove("");
        assertThat(words).containsAll(written);
    }
}
