/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherSimulator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is downloaded, unzipped and run on a machine that has a Java and nothing else. */
@DisabledOnOs(OS.WINDOWS)
class ZipIT {

    private static final long SOON_SECONDS = 90;

    @TempDir
    static Path directory;

    private static Path home;

    @BeforeAll
    static void unzip() throws IOException {
        home = Files.createDirectories(directory.resolve("a folder with blanks"));
        Path zip = Path.of(System.getProperty("zip"));
        try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", true))) {
            Path root = files.getPath("/");
            try (Stream<Path> all = Files.walk(root)) {
                for (Path one : all.filter(Files::isRegularFile).toList()) {
                    Path target = home.resolve(root.relativize(one).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(one, target);
                    Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(one));
                }
            }
        }
        // The zip has one folder.
        try (Stream<Path> folders = Files.list(home)) {
            home = folders.findFirst().orElseThrow();
        }
    }

    private record Result(int exit, String printed, String logged) {}

    private static ProcessBuilder program(Map<String, String> environment, Path work, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/batch-close").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private static Result run(Map<String, String> environment, Path work, String... arguments) throws Exception {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process = program(environment, work, arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static Map<String, String> java() {
        return Map.of("JAVA_HOME", System.getProperty("java.home"), "PATH", "/usr/bin:/bin");
    }

    @Test
    void theDemoRunsAnywhereAndWritesItsReport() throws Exception {
        Path work = Files.createDirectories(directory.resolve("work"));

        Result demo = run(java(), work);

        assertThat(demo.exit()).as(demo.logged()).isEqualTo(ExitCode.NEEDS_PERSON.number());
        assertThat(demo.printed()).contains("30 rows", "Report: ").doesNotContain("logback");
        assertThat(demo.logged()).doesNotContain("logback");
        try (Stream<Path> reports = Files.list(work.resolve("out"))) {
            assertThat(reports.map(report -> report.getFileName().toString()))
                    .anyMatch(name -> name.endsWith(".report.html"));
        }
        // As a link in a folder of the PATH.
        Path link = Files.createSymbolicLink(directory.resolve("batch-close"), home.resolve("bin/batch-close"));
        Process version = new ProcessBuilder(link.toString(), "--version")
                .directory(work.toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(version.waitFor()).as(printed).isZero();
        assertThat(printed).startsWith("batch-close ");
    }

    @Test
    void itHasNoBrokerAndNothingOfTheTests() throws Exception {
        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            List<String> names =
                    jars.map(jar -> jar.getFileName().toString()).sorted().toList();
            assertThat(names)
                    .anyMatch(name -> name.startsWith("camel-ksher-batch-"))
                    .noneMatch(name ->
                            name.matches("(artemis-.*server|artemis-journal|jgroups|junit|assertj|selenium).*"));
            System.out.println("The zip has " + names.size() + " jars");
        }
        for (String file : List.of(
                "LICENSE",
                "README.md",
                "ksher.properties.example",
                "bin/batch-close",
                "deploy/Dockerfile",
                "deploy/systemd/batch-close.service",
                "deploy/kubernetes/cronjob.yaml",
                "deploy/kubernetes/deployment.yaml")) {
            assertThat(home.resolve(file)).isRegularFile();
        }
        Result embedded = run(java(), home, "--queue", "embedded:61616", "--config", "ksher.properties.example");
        assertThat(embedded.exit()).isEqualTo(ExitCode.USAGE.number());
        assertThat(embedded.logged() + embedded.printed()).contains("embedded:61616");
    }

    @Test
    void withoutAJavaOrWithAnOldOneItSaysWhatToDo() throws Exception {
        Path old = Files.createDirectories(directory.resolve("old/bin"));
        Path java = Files.writeString(old.resolve("java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        Result tooOld = run(Map.of("JAVA_HOME", old.getParent().toString(), "PATH", "/usr/bin:/bin"), directory);
        Result none = run(Map.of("JAVA_HOME", "/nowhere", "PATH", "/usr/bin:/bin"), directory);

        assertThat(tooOld.exit()).isEqualTo(ExitCode.USAGE.number());
        assertThat(tooOld.logged()).contains("needs Java 17 or newer", "11.0.2");
        assertThat(none.exit()).isEqualTo(ExitCode.USAGE.number());
        assertThat(none.logged()).contains("needs Java 17 or newer", "/nowhere/bin/java");
    }

    @Test
    void aLineOfTheLogIsOneJsonObjectWhenAsked() throws Exception {
        Path work = Files.createDirectories(directory.resolve("json/in"));
        Map<String, String> environment = new HashMap<>(java());
        environment.put("BATCH_LOG", "json");

        Result demo = run(environment, work.getParent());

        List<String> lines = demo.logged().lines().toList();
        assertThat(demo.exit()).as(demo.logged()).isEqualTo(ExitCode.NEEDS_PERSON.number());
        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(new JsonObject(line).fieldNames())
                .contains("timestamp", "level", "loggerName", "formattedMessage"));
        assertThat(demo.logged()).doesNotContain("PRIVATE KEY");
    }

    @Test
    void sigtermReachesTheProgram() throws Exception {
        Path work = Files.createDirectories(directory.resolve("stopped"));
        Files.createDirectories(work.resolve("inbox"));
        Map<String, String> environment = new HashMap<>(java());
        environment.put("CAMEL_COMPONENT_KSHER_APP_ID", "mch12345");
        try (KsherSimulator ksher = TestKsher.start()) {
            environment.put("CAMEL_COMPONENT_KSHER_PRIVATE_KEY", ksher.merchantKey());
        }
        Path out = directory.resolve("stopped.txt");
        Process process = program(environment, work, "--watch", "inbox")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            BatchProcess.await(() -> said(out, "watching"), Duration.ofSeconds(SOON_SECONDS));
            process.destroy();
            assertThat(process.waitFor(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(out)).isZero();
            assertThat(Files.readString(out)).contains("Stopped.");
            assertThat(run(java(), work, "--status").printed()).isEqualTo("The journal has no batches.\n");
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean said(Path out, String text) {
        try {
            return Files.readString(out).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    /** Kept equal to the program by this, since no schema knows them. */
    @Test
    void noFileToDeployRestartsWhatNeedsAPersonOrStopsTooSoon() throws IOException {
        Path deploy = home.resolve("deploy");
        String needsPerson = String.valueOf(ExitCode.NEEDS_PERSON.number());
        String usage = String.valueOf(ExitCode.USAGE.number());
        assertThat(deploy.resolve("kubernetes/cronjob.yaml"))
                .content()
                .contains("action: FailJob", "values: [" + needsPerson + ", " + usage + "]");
        assertThat(deploy.resolve("systemd/batch-close-night.service"))
                .content()
                .contains("SuccessExitStatus=" + needsPerson + "\n", "RestartPreventExitStatus=" + usage + "\n");
        for (String file : List.of("kubernetes/cronjob.yaml", "kubernetes/deployment.yaml")) {
            assertThat(deploy.resolve(file)).content().contains("terminationGracePeriodSeconds: 120");
        }
        for (String file : List.of("systemd/batch-close.service", "systemd/batch-close-night.service")) {
            assertThat(deploy.resolve(file)).content().contains("TimeoutStopSec=120");
        }
        assertThat(Ending.LONGEST_CALL_SECONDS + Ending.GRACE_SECONDS).isLessThan(120);
    }
}
