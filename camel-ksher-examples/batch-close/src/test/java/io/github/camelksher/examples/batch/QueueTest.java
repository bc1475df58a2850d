/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.KsherBatchRoutes;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One worker on one queue; each test has batches of its own. More than 400 lines, because all tests
 * share the worker, which takes seconds to start.
 */
class QueueTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    static Path directory;

    private static TestBroker broker;
    private static KsherSimulator ksher;
    private static BatchProcess worker;

    private final String batch = "batch-" + NUMBER.incrementAndGet();

    @BeforeAll
    static void startAll() throws Exception {
        broker = new TestBroker(directory.resolve("broker"));
        ksher = KsherSimulator.builder()
                .port(0)
                .queryInterval(Duration.ofMillis(100))
                .start();
        Path config = TestKsher.config(
                ksher,
                directory.resolve("ksher.properties"),
                Map.of("batch.query-interval", "100ms", "batch.quiet-after", "2s"));
        worker = BatchProcess.start(
                directory, "worker", "--queue", broker.url(), "--config", config.toString(), "--report", "out");
        worker.awaitOutput("consuming", SOON);
    }

    @AfterAll
    static void stopAll() throws Exception {
        try (TestBroker toClose = broker;
                KsherSimulator toCloseToo = ksher) {
            worker.terminate();
            assertThat(worker.exitCode(SOON)).as(worker.output()).isZero();
            assertThat(worker.output())
                    .contains("Run the same again to go on")
                    .doesNotContain("ERROR", "WARN", "\tat ");
            assertThat(broker.count(TestBroker.ORDERS)).isZero();
        }
    }

    @AfterEach
    void nothingIsLeftOnTheQueue() {
        BatchProcess.await(() -> broker.count(TestBroker.ORDERS) == 0, SOON);
    }

    private String order(int line) {
        return order(line, "close", batch + "-" + line);
    }

    private String order(int line, String operation, String number) {
        return OrderJson.order(batch, line, operation, number);
    }

    private String total(int total) {
        return OrderJson.total(batch, total);
    }

    private void open(int... lines) {
        for (int line : lines) {
            ksher.open(KsherOrder.of(batch + "-" + line));
        }
    }

    @Test
    void anotherWorkerWithAJournalOfItsOwnIsRefused() {
        Cli other = Cli.run(
                "--queue",
                broker.url(),
                "--config",
                directory.resolve("ksher.properties"),
                "--report",
                directory.resolve("out of another"));
        assertThat(other.exit()).as(other.printed()).isEqualTo(ExitCode.USAGE.number());
        assertThat(other.printed()).contains("has another consumer", "jdbc:postgresql");
    }

    private List<CSVRecord> report(int rows) throws IOException {
        return report(batch, rows);
    }

    private static List<CSVRecord> report(String batch, int rows) throws IOException {
        Path report = directory.resolve("out").resolve(batch + ".report.csv");
        BatchProcess.await(() -> Files.exists(report) && size(report) == rows, SOON);
        return ReportFile.rows(report);
    }

    private static int size(Path report) {
        try {
            return ReportFile.rows(report).size();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> column(List<CSVRecord> rows, String name) {
        return rows.stream().map(row -> row.get(name)).toList();
    }

    @Test
    void messagesInAnyOrderBecomeAReportInTheOrderOfTheirLines() throws Exception {
        open(1, 3, 12);
        broker.send(order(12), total(3), order(3), order(1));
        List<CSVRecord> rows = report(3);
        assertThat(column(rows, "line")).containsExactly("1", "3", "12");
        assertThat(column(rows, "outcome")).containsOnly("CLOSED");
    }

    @Test
    void aRedeliveryIsAcknowledgedSilentlyAndMakesNoSecondRow() throws Exception {
        long dead = broker.count(TestBroker.DEAD);
        open(1, 2);
        broker.send(order(1), order(1), order(2), total(2), total(2));
        report(2);
        broker.send(order(2), total(2));
        nothingIsLeftOnTheQueue();
        assertThat(column(report(2), "outcome")).containsOnly("CLOSED");
        assertThat(broker.count(TestBroker.DEAD)).isEqualTo(dead);
        assertThat(commands(batch + "-1")).hasSize(1);
    }

    private static List<CallRecord> commands(String number) {
        return ksher.calls().stream()
                .filter(call -> call.order().equals(number) && !call.operation().endsWith("Query"))
                .toList();
    }

    @Test
    void whatCanNeverBeTakenGoesToTheDeadLettersWithItsReasonAndBlocksNothing() throws Exception {
        open(1, 2);
        broker.send(order(1));
        BatchProcess.await(() -> broker.count(TestBroker.ORDERS) == 0, SOON);
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put(order(1, "close", "ANOTHER"), "says otherwise");
        bad.put("close A1", "is not JSON");
        bad.put("", "is not");
        bad.put("[]", "is not a JSON object");
        bad.put("{\"line\":1,\"mch_order_no\":\"A1\"}", "has no batch");
        bad.put("{\"batch\":\"no spaces\",\"line\":1}", "has no batch");
        bad.put("{\"batch\":\"" + batch + "\"}", "either line or total");
        bad.put("{\"batch\":\"" + batch + "\",\"line\":1,\"total\":1}", "either line or total");
        bad.put("{\"batch\":\"" + batch + "\",\"line\":\"1\"}", "line is not a whole number");
        bad.put("{\"batch\":\"" + batch + "\",\"total\":-1}", "total is not a whole number");
        bad.put("{\"batch\":\"" + batch + "\",\"line\":7,\"line\":8}", "names a field twice");
        bad.keySet().forEach(text -> {
            broker.with(context -> {
                Message message = context.createTextMessage(text);
                set(message, "shop", "Bangkok");
                send(context, message);
                return null;
            });
        });
        broker.send(total(2), order(2));
        broker.send(total(3));
        report(2);
        nothingIsLeftOnTheQueue();
        Map<String, String> dead = broker.deadLetters().stream()
                .filter(message -> text(message).contains(batch) || bad.containsKey(text(message)))
                .collect(Collectors.toMap(QueueTest::text, QueueTest::reason));
        assertThat(dead).hasSize(bad.size() + 1);
        bad.forEach((text, reason) -> assertThat(dead.get(text)).as(text).contains(reason));
        assertThat(dead.get(total(3))).contains("says otherwise");
        assertThat(broker.deadLetters())
                .filteredOn(message -> bad.containsKey(text(message)))
                .allMatch(message -> "Bangkok".equals(string(message, "shop")));
    }

    @Test
    void noHeaderOfAMessageCounts() throws Exception {
        open(1);
        ksher.open(KsherOrder.of("ANOTHER"));
        String bad = "no order of " + batch;
        broker.with(context -> {
            for (String text : new String[] {order(1), total(1), bad}) {
                Message message = context.createTextMessage(text);
                // In a case that camel-jms 4.14.1 and 4.18.0 let in (CVE-2026-40453).
                for (String header : List.of("MchOrderNo", "KsherOrderNo", "ChannelOrderNo", "Channel")) {
                    set(message, "CAmelKsher" + header, "ANOTHER");
                }
                set(message, "CAmelJmsDestinationName", "elsewhere");
                set(message, "CamelJmsDestinationName", "elsewhere");
                set(message, "CAmelFileName", "elsewhere");
                set(message, "KSHERBATCHREASON", "none");
                set(message, "shop", "Bangkok");
                send(context, message);
            }
            return null;
        });
        assertThat(column(report(1), "mch_order_no")).containsExactly(batch + "-1");
        assertThat(ksher.calls()).noneMatch(call -> call.order().equals("ANOTHER"));
        nothingIsLeftOnTheQueue();
        assertThat(broker.count("elsewhere")).isZero();
        assertThat(broker.deadLetters())
                .filteredOn(message -> text(message).equals(bad))
                .singleElement()
                .satisfies(message -> {
                    assertThat(reason(message)).startsWith("is not JSON");
                    assertThat(string(message, "KSHERBATCHREASON")).isEmpty();
                    assertThat(string(message, "shop")).isEqualTo("Bangkok");
                });
    }

    @Test
    void aBytesMessageInUtf8IsTakenAndOneInAnotherCodeIsNot() throws Exception {
        open(1);
        String thai = order(2, "close", "ก");
        broker.with(context -> {
            send(context, bytes(context, order(1).getBytes(UTF_8)));
            send(context, bytes(context, thai.getBytes(UTF_8)));
            send(context, bytes(context, order(3, "close", "é").getBytes(ISO_8859_1)));
            send(context, context.createTextMessage(total(2)));
            return null;
        });
        assertThat(column(report(2), "mch_order_no")).containsExactly(batch + "-1", "ก");
        nothingIsLeftOnTheQueue();
        assertThat(broker.deadLetters())
                .filteredOn(BytesMessage.class::isInstance)
                .hasSize(1)
                .allSatisfy(message -> {
                    assertThat(reason(message)).isEqualTo("is not UTF-8");
                    assertThat(message.getBody(byte[].class))
                            .isEqualTo(order(3, "close", "é").getBytes(ISO_8859_1));
                });
    }

    @Test
    void aMessageThatIsNeitherTextNorBytesIsADeadLetterAsItCame() throws Exception {
        broker.with(context -> {
            try {
                MapMessage map = context.createMapMessage();
                map.setString("batch", batch);
                map.setString("line", "1");
                send(context, map);
                ObjectMessage object = context.createObjectMessage(new LinkedHashMap<>(Map.of("batch", batch)));
                set(object, "case", batch);
                send(context, object);
                send(context, context.createStreamMessage());
                send(context, context.createMessage());
                // Somebody waits for an answer, and gets none.
                Message asking = context.createTextMessage("answer me " + batch);
                asking.setJMSReplyTo(context.createTemporaryQueue());
                send(context, asking);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
        nothingIsLeftOnTheQueue();
        List<Message> dead = broker.deadLetters();
        assertThat(dead).filteredOn(MapMessage.class::isInstance).hasSize(1).allSatisfy(message -> {
            assertThat(((MapMessage) message).getString("batch")).isEqualTo(batch);
            assertThat(reason(message)).isEqualTo("is not text");
        });
        assertThat(dead).filteredOn(ObjectMessage.class::isInstance).hasSize(1).allSatisfy(message -> {
            assertThat(reason(message)).isEqualTo("is not text");
            assertThat(string(message, "case")).isEqualTo(batch);
        });
        assertThat(dead).allSatisfy(message -> assertThat(reason(message)).isNotEmpty());
        assertThat(dead)
                .filteredOn(message -> text(message).equals("answer me " + batch))
                .hasSize(1);
    }

    @Test
    void aBatchWithoutATotalIsCompleteWhenNothingMoreComes() throws Exception {
        open(1, 2);
        broker.send(order(1), order(2));
        assertThat(column(report(2), "outcome")).containsOnly("CLOSED");
    }

    @Test
    void aLateRowOpensAFinishedBatchAgainAndItsReportIsWrittenAgain() throws Exception {
        open(1, 2, 3);
        broker.send(order(1), total(1));
        report(1);
        broker.send(order(3));
        assertThat(column(report(2), "line")).containsExactly("1", "3");
        broker.send(order(2));
        assertThat(column(report(3), "line")).containsExactly("1", "2", "3");
        assertThat(commands(batch + "-1")).hasSize(1);
    }

    @Test
    void invalidRowsAndDuplicatesHaveTheirRowsToo() throws Exception {
        open(1);
        broker.send(order(1));
        BatchProcess.await(() -> broker.count(TestBroker.ORDERS) == 0, SOON);
        broker.send(
                order(2, "shut", batch + "-1"),
                order(3, "close", batch + "-1"),
                order(4, "close", ""),
                order(5, "close", "x".repeat(33)),
                order(6, "close", "\\u0000\\ud800"),
                total(6));
        List<CSVRecord> rows = report(6);
        assertThat(column(rows, "outcome"))
                .containsExactly("CLOSED", "INVALID", "DUPLICATE", "INVALID", "INVALID", "INVALID");
        assertThat(rows.get(2).get("detail")).contains("line 1");
    }

    @Test
    void aFileThatIsPutOnTheQueueTwiceMakesNoDuplicates() throws Exception {
        ksher.open(KsherOrder.of(batch + "-A"));
        ksher.open(KsherOrder.gateway(batch + "-B").state(State.SUCCESS));
        Path file = Files.writeString(
                directory.resolve(batch + ".csv"),
                "operation,mch_order_no\nclose," + batch + "-A\n\ncancel," + batch + "-B\nclose\n");
        Cli first = Cli.run("--enqueue", file, "--queue", broker.url(), "--report", directory.resolve("nowhere"));
        assertThat(first.exit()).as(first.printed()).isZero();
        String name = first.printed().lines().findFirst().orElseThrow().replaceFirst("Batch (\\S+) to .*", "$1");
        assertThat(first.printed()).contains("3 rows", "Sent.");
        report(name, 3);
        assertThat(Cli.run("--enqueue", file, "--queue", broker.url()).exit()).isZero();
        nothingIsLeftOnTheQueue();
        assertThat(column(report(name, 3), "outcome")).containsExactly("CLOSED", "PAID", "INVALID");
        assertThat(column(report(name, 3), "line")).containsExactly("2", "4", "5");
        assertThat(commands(batch + "-A")).hasSize(1);
        assertThat(broker.deadLetters()).noneMatch(message -> text(message).contains(name));
        assertThat(directory.resolve("nowhere"))
                .as("enqueuing writes no report")
                .doesNotExist();
    }

    private static void send(JMSContext context, Message message) {
        context.createProducer().send(context.createQueue(TestBroker.ORDERS), message);
    }

    private static BytesMessage bytes(JMSContext context, byte[] bytes) {
        try {
            BytesMessage message = context.createBytesMessage();
            message.writeBytes(bytes);
            return message;
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Message message) {
        try {
            String text = message instanceof jakarta.jms.TextMessage ? message.getBody(String.class) : "(no text)";
            return text == null ? "" : text;
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String reason(Message message) {
        return string(message, KsherBatchRoutes.REASON);
    }

    private static String string(Message message, String property) {
        try {
            String value = message.getStringProperty(property);
            return value == null ? "" : value;
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void set(Message message, String property, String value) {
        try {
            message.setStringProperty(property, value);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
