/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.karaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelksher.karaf.probe.BatchProbe;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The features, the example's bundle and a batch in a real Karaf. Camel there is what {@code camel-features.xml} says; everything
 * else is what a user installs.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Karaf is started by its shell script")
class KarafIT {

    private static final String VERSION = System.getProperty("project.version");
    private static final Path TARGET = Path.of(System.getProperty("project.build.directory"));
    private static final String PID = "io.github.camelksher.example";
    private static final String EXAMPLE = "camel-ksher-example-karaf";
    private static final Duration SOON = Duration.ofSeconds(60);

    private static KsherSimulator ksher;
    private static Karaf karaf;
    private static int number;

    @RegisterExtension
    static final AfterTestExecutionCallback LOGS_OF_A_FAILURE = context -> {
        if (context.getExecutionException().isPresent() && karaf != null) {
            karaf.printLogs();
        }
    };

    @BeforeAll
    static void startKarafAndInstall() throws Exception {
        int java = Runtime.version().feature();
        if (java != 17) {
            String reason = "SKIPPED: Karaf " + System.getProperty("karaf.version")
                    + " is supported here on Java 17, and this is Java " + java;
            System.out.println(reason);
            assumeTrue(false, reason);
        }
        ksher = KsherSimulator.builder().queryInterval(Duration.ZERO).start();
        // This module's own artifact is nobody's dependency, so nothing has brought it there.
        Path features = TARGET.resolve("repository/io/github/camelksher/camel-ksher-karaf/" + VERSION
                + "/camel-ksher-karaf-" + VERSION + "-features.xml");
        Files.createDirectories(features.getParent());
        Files.copy(TARGET.resolve("feature/features.xml"), features, StandardCopyOption.REPLACE_EXISTING);
        Path home = TARGET.resolve("karaf/apache-karaf-" + System.getProperty("karaf.version"));
        karaf = Karaf.start(
                home,
                TARGET.resolve("repository"),
                TARGET.resolve("test-feature/processing.xml"),
                Map.of("KSHER_APP_ID", ksher.appId()),
                Map.of("batch.probe", TARGET.resolve("probe/probe.properties").toString()));
        try {
            Files.writeString(karaf.etc("ksher-merchant.pem"), ksher.merchantKey());
            Files.writeString(karaf.etc("ksher-public.pem"), ksher.publicKey());
            karaf.configure(PID, configuration("file:${karaf.etc}/ksher-merchant.pem"));
            karaf.addFeatures(
                    TARGET.resolve("test-feature/camel-features.xml").toUri().toString());
            karaf.addFeatures("mvn:io.github.camelksher/camel-ksher-karaf/" + VERSION + "/xml/features");
            karaf.installFeature("camel-ksher");
            karaf.installFeature("scr");
            karaf.installBundle("mvn:io.github.camelksher/" + EXAMPLE + "/" + VERSION);
            String example = "Camel Ksher :: Examples :: Karaf " + VERSION.replace("-", ".");
            Karaf.await("the example to be active", SOON, () -> "Active"
                    .equals(karaf.bundles().get(example)));
            System.out.println("Ran on Karaf " + System.getProperty("karaf.version") + ", Java " + Runtime.version());
        } catch (Exception | AssertionError e) {
            karaf.printLogs();
            throw e;
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        try {
            if (karaf != null) {
                karaf.close();
            }
        } finally {
            if (ksher != null) {
                ksher.close();
            }
        }
    }

    private static Map<String, String> configuration(String privateKey) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("appId", "${env:KSHER_APP_ID}");
        entries.put("privateKey", privateKey);
        entries.put("ksherPublicKey", "file:${karaf.etc}/ksher-public.pem");
        entries.put("apiUrl", ksher.apiUrl());
        entries.put("gatewayUrl", ksher.gatewayUrl());
        entries.put("folder", "${karaf.data}/ksher");
        entries.put("pace", "1");
        return entries;
    }

    /** Gives the routes an order, and waits for what they write. */
    private static String answer(String folder, String order) throws Exception {
        String name = ++number + "-" + order;
        Path written =
                Files.writeString(Files.createDirectories(karaf.data("written")).resolve(name), order + "\n");
        Files.move(
                written, Files.createDirectories(karaf.data("ksher/" + folder)).resolve(name));
        Path reply = karaf.data("ksher/replies/" + name);
        Path failure = karaf.data("ksher/failures/" + name);
        Karaf.await("a reply about " + name, SOON, () -> Files.exists(reply) || Files.exists(failure));
        return Files.exists(reply) ? Files.readString(reply) : "failed: " + Files.readString(failure);
    }

    /** Whatever Camel, camel-ksher or its HTTP client run. */
    private static Map<String, Integer> threads() throws IOException {
        return karaf.threads("Camel", "Ksher", "ksher", "HttpClient", "httpclient", "idle-connection");
    }

    @Test
    void aQueryAndACancelAreMadeForTheMerchantOfConfigAdmin() throws Exception {
        ksher.open(KsherOrder.gateway("Q1").amount(12_300, "THB").state(State.SUCCESS));
        ksher.open(KsherOrder.gateway("C1"));
        ksher.open(KsherOrder.gateway("C2").paysAfterQueries(1));
        assertThat(answer("query", "Q1")).contains("\"result\":\"SUCCESS\"", "12300");
        assertThat(answer("cancel", "C1")).contains("\"result\":\"CLOSED\"");
        assertThat(ksher.order("C1").state()).isEqualTo(State.CLOSED);
        assertThat(answer("cancel", "C2")).contains("\"result\":\"SUCCESS\"");
        assertThat(answer("query", "nowhere")).startsWith("failed: ");
    }

    @Test
    void aCancelWithoutAnAnswerIsNotForgottenIfTheQueryAfterItFails() throws Exception {
        String unknown = "failed: A cancel was sent, and no signed answer tells";
        for (String order : List.of("L1", "L2")) {
            ksher.open(KsherOrder.gateway(order));
            ksher.faults().forOrder(order, Fault.delay(Duration.ZERO), "gatewayQuery", 1);
            ksher.faults().forOrder(order, Fault.status(503), "gatewayQuery", 1);
        }
        ksher.faults().forOrder("L1", Fault.lostReply(), "gatewayCancel", 1);
        ksher.faults().forOrder("L2", Fault.status(429), "gatewayCancel", 1);
        assertThat(answer("cancel", "L1")).startsWith(unknown).contains("503");
        assertThat(answer("cancel", "L2")).startsWith("failed: gatewayQuery").contains("503");
    }

    @Test
    void aChangedConfigurationIsTakenUpWithoutARestartAndItsKeyIsNotLogged() throws Exception {
        ksher.open(KsherOrder.gateway("K1"));
        // The key itself, in one line.
        String key = ksher.merchantKey().strip().replace("\n", "\\n");
        karaf.configure(PID, configuration(key.replace("BEGIN", "NOT")));
        Karaf.await("the routes to stop", SOON, () -> threads().isEmpty());
        assertThat(karaf.log()).contains("Option privateKey");
        karaf.configure(PID, configuration(key));
        assertThat(answer("query", "K1")).contains("NOTSURE");
        assertThat(ksher.merchantKey().lines().filter(line -> !line.startsWith("--")))
                .noneMatch(karaf.log()::contains);
    }

    @Test
    void aRestartOfTheRoutesOrOfTheComponentLeavesNoThreadAndNoConnection() throws Exception {
        ksher.open(KsherOrder.gateway("R1"));
        answer("query", "R1");
        Map<String, Integer> before = threads();
        assertThat(before.toString()).contains("KsherCallTimeout");
        int connections = ksher.openConnections();
        assertThat(connections).isPositive();

        for (String bundle : List.of(EXAMPLE, "camel-ksher")) {
            karaf.restart(bundle);
            assertThat(answer("query", "R1")).contains("NOTSURE");
            Karaf.await("the threads " + before, SOON, () -> threads().equals(before));
            Karaf.await("the old connections to end", SOON, () -> ksher.openConnections() <= connections);
        }
        for (String bundle : List.of(EXAMPLE, "camel-ksher")) {
            karaf.stop(bundle);
            Karaf.await("all threads to end", SOON, () -> threads().isEmpty());
            Karaf.await("all connections to end", SOON, () -> ksher.openConnections() == 0);
            karaf.start(bundle);
            assertThat(answer("query", "R1")).contains("NOTSURE");
        }
    }

    @Test
    void aBatchIsClosedWithItsJournalInH2AndInPostgreSql() throws Exception {
        for (String order : new String[] {"H1", "H2", "P1", "P2"}) {
            boolean close = order.endsWith("1");
            ksher.open(close ? KsherOrder.of(order) : KsherOrder.gateway(order).state(State.SUCCESS));
        }
        karaf.installFeature("camel-ksher-batch");
        Path h2 = TARGET.resolve("probe/h2");
        describe(
                h2,
                "close,H1\ncancel,H2\n",
                "jdbc:h2:file:" + h2.resolve("journal").toAbsolutePath(),
                "");
        karaf.installBundle(probe().toUri().toString());
        assertThat(report(h2)).contains("H1,,,CLOSED", "H2,,,PAID");
        karaf.stop("batch-probe");
        Karaf.await("no thread of the batch", SOON, () -> karaf.threads("ksher-batch", "ksher-journal", "H2 ")
                .isEmpty());

        try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
            Path postgres = TARGET.resolve("probe/postgres");
            describe(postgres, "close,P1\ncancel,P2\n", database.getJdbcUrl("postgres", "postgres"), "postgres");
            karaf.start("batch-probe");
            assertThat(report(postgres)).contains("P1,,,CLOSED", "P2,,,PAID");
            karaf.stop("batch-probe");
        }
    }

    /** What {@link BatchProbe} reads. */
    private static void describe(Path directory, String orders, String journal, String user) throws IOException {
        Files.createDirectories(directory);
        Path file = Files.writeString(directory.resolve("orders.csv"), "operation,mch_order_no\n" + orders);
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "appId", ksher.appId(),
                "privateKey", ksher.merchantKey(),
                "ksherPublicKey", ksher.publicKey(),
                "apiUrl", ksher.apiUrl(),
                "gatewayUrl", ksher.gatewayUrl(),
                "report", directory.toAbsolutePath().toString(),
                "orders", file.toAbsolutePath().toString(),
                "journal", journal));
        if (!user.isEmpty()) {
            settings.put("journalUser", user);
        }
        try (OutputStream out = Files.newOutputStream(TARGET.resolve("probe/probe.properties"))) {
            settings.store(out, null);
        }
    }

    private static String report(Path directory) throws Exception {
        Karaf.await("the report in " + directory, SOON, () -> one(directory, ".summary.json") != null);
        return Files.readString(one(directory, ".report.csv"));
    }

    private static Path one(Path directory, String end) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(end))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** A bundle of {@link BatchProbe}, which imports whatever it needs. */
    private static Path probe() throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "batch-probe");
        headers.putValue("Bundle-Version", "1");
        headers.putValue("Bundle-Activator", BatchProbe.class.getName());
        headers.putValue("DynamicImport-Package", "*");
        String entry = BatchProbe.class.getName().replace('.', '/') + ".class";
        Path file = TARGET.resolve("probe/probe.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest);
                InputStream code = BatchProbe.class.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
        }
        return file;
    }
}
