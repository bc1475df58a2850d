/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The program in a process of its own, as the run script starts it. */
final class BatchProcess implements AutoCloseable {

    private static final int LONG_LINE = 200;

    private final Process process;
    private final Path log;

    private BatchProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static BatchProcess start(Path directory, String name, List<String> javaOptions, String... arguments)
            throws IOException {
        return start(directory, name, command(javaOptions, arguments));
    }

    /** Starts another main class than the program's. */
    static BatchProcess startMain(
            Path directory, String name, Class<?> main, List<String> javaOptions, String... arguments)
            throws IOException {
        List<String> command = command(javaOptions, arguments);
        command.set(command.indexOf(BatchClose.class.getName()), main.getName());
        return start(directory, name, command);
    }

    /** Starts it with a limit: none of its files may grow beyond so many KiB. */
    static BatchProcess startWithLimit(Path directory, String name, int kib, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kib + "; exec \"$@\"", "bash"));
        command.addAll(command(List.of(), arguments));
        return start(directory, name, command);
    }

    /**
     * Starts it with a clock that is ahead by what the file says ({@code +3600s}, {@code -5s}),
     * which may change. Needs libfaketime.
     */
    static BatchProcess startWithClock(Path directory, String name, Path faketime, Path clock, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "LD_PRELOAD=" + faketime,
                "FAKETIME_TIMESTAMP_FILE=" + clock,
                "FAKETIME_CACHE_DURATION=1",
                // Setting a clock changes the length of no second:
                // without these, the JVM's waits do not wait.
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0"));
        command.addAll(command(List.of(), arguments));
        return start(directory, name, command);
    }

    private static List<String> command(List<String> javaOptions, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As the run script has it.
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m"));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", classPath(), BatchClose.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Absolute: the process runs in another directory. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static BatchProcess start(Path directory, String name, List<String> command) throws IOException {
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Process process = builder.start();
        // If the test is stopped, a suspended process would stay for ever.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new BatchProcess(process, log);
    }

    static BatchProcess start(Path directory, String name, String... arguments) throws IOException {
        return start(directory, name, command(List.of(), arguments));
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGSTOP: it does nothing until it is resumed. */
    void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        // The shell's own kill: a small system has no program of that name.
        int exit = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("SIG" + name + " could not be sent to process " + process.pid());
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How many threads it has; 0 where the system does not say. */
    int threads() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("Threads:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(8).strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    long cpuMillis() {
        return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
    }

    int exitCode(Duration within) throws InterruptedException, IOException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new AssertionError("is still running after " + within + ":\n" + output());
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    /** The last lines of its output, for a message that people read. */
    String tail(int lines) throws IOException {
        List<String> all = Files.readAllLines(log);
        return all.subList(Math.max(0, all.size() - lines), all.size()).stream()
                .map(line -> line.substring(0, Math.min(line.length(), LONG_LINE)))
                .collect(Collectors.joining("\n"));
    }

    void awaitOutput(String text, Duration within) throws IOException {
        await(
                () -> {
                    try {
                        return output().contains(text) || !isAlive();
                    } catch (IOException e) {
                        return false;
                    }
                },
                within);
        if (!output().contains(text)) {
            throw new AssertionError("did not say '" + text + "':\n" + output());
        }
    }

    /** Waits until the condition is true. */
    static void await(BooleanSupplier condition, Duration within) {
        Instant end = Instant.now().plus(within);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("did not come true within " + within);
            }
            pause(Duration.ofMillis(20));
        }
    }

    static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
