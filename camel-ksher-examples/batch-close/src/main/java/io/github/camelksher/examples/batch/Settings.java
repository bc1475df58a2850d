/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The properties of a run. What begins with {@code camel.} is Camel's own matter. Holds secrets, so it has no {@code toString}. */
final class Settings {

    static final String QUERY_INTERVAL = "batch.query-interval";
    static final String GIVE_UP_AFTER = "batch.give-up-after";
    static final String QUIET_AFTER = "batch.quiet-after";
    static final String PARALLEL = "batch.parallel";
    static final String REPORT = "batch.report";
    static final String JOURNAL = "batch.journal";
    static final String JOURNAL_USER = "batch.journal.user";
    static final String JOURNAL_PASSWORD = "batch.journal.password";
    static final String QUEUE_NAME = "batch.queue.name";
    static final String QUEUE_DEAD_LETTER = "batch.queue.dead-letter";
    static final String QUEUE_USER = "batch.queue.user";
    static final String QUEUE_PASSWORD = "batch.queue.password";
    static final String MANAGEMENT_PORT = "batch.management-port";
    static final String MANAGEMENT_HOST = "batch.management-host";
    /** Of the management port: 200, or 503 if one of the checks fails. */
    static final String HEALTH = "/observe/health";
    /** Of the management port, for Prometheus. */
    static final String METRICS = "/observe/metrics";

    private static final Set<String> NAMES = new TreeSet<>(Set.of(
            QUERY_INTERVAL,
            GIVE_UP_AFTER,
            QUIET_AFTER,
            PARALLEL,
            REPORT,
            JOURNAL,
            JOURNAL_USER,
            JOURNAL_PASSWORD,
            QUEUE_NAME,
            QUEUE_DEAD_LETTER,
            QUEUE_USER,
            QUEUE_PASSWORD,
            MANAGEMENT_PORT,
            MANAGEMENT_HOST));
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|min|h)?");

    private static final String BLANKS = "^[\\s\\p{Z}\\uFEFF]+|[\\s\\p{Z}\\uFEFF]+$";
    private static final String KSHER = "camel.component.ksher.";
    private static final String KSHER_VARIABLE = "CAMEL_COMPONENT_KSHER_";

    private final Map<String, String> values;
    private boolean environment = true;

    Settings(Map<String, String> values) {
        this.values = new HashMap<>(values);
    }

    /** The file's, overridden by the environment's: BATCH_QUERY_INTERVAL and so on. */
    static Settings load(@Nullable Path config, Map<String, String> environment) throws UsageException {
        Map<String, String> values = new HashMap<>();
        if (config != null) {
            Properties properties = new Properties();
            try {
                properties.load(new StringReader(text(Files.readAllBytes(config))));
            } catch (CharacterCodingException e) {
                throw new UsageException(
                        "Cannot read the settings in " + config + ": it is not UTF-8. Save it as UTF-8.");
            } catch (NoSuchFileException e) {
                throw new UsageException("Cannot read the settings in " + config + ": there is no such file.");
            } catch (AccessDeniedException e) {
                throw new UsageException("Cannot read the settings in " + config + ": this user may not read it.");
            } catch (IOException | IllegalArgumentException e) {
                throw new UsageException("Cannot read the settings in " + config + ": "
                        + (Files.isDirectory(config)
                                ? "--config needs a file, and this is a directory."
                                : "it is no file of properties (" + e.getClass().getSimpleName() + ")."));
            }
            for (String name : properties.stringPropertyNames()) {
                if (!name.startsWith("camel.") && !NAMES.contains(name)) {
                    throw new UsageException(config + " has an unknown setting: " + name
                            + ". There are camel.component.ksher.* and " + String.join(", ", NAMES) + ".");
                }
                values.put(name, value(properties.getProperty(name)));
            }
            requireNamesOnce(config, values.keySet());
        }
        for (String name : NAMES) {
            String value = environment.get(variable(name));
            if (value != null && !value(value).isEmpty()) {
                values.put(name, value(value));
            }
        }
        environment.forEach((variable, value) -> {
            if (variable.startsWith(KSHER_VARIABLE) && !value(value).isEmpty()) {
                values.keySet().removeIf(name -> variable(name).equals(variable));
                String option = variable.substring(KSHER_VARIABLE.length());
                values.put(KSHER + option.toLowerCase(Locale.ROOT).replace('_', '-'), value(value));
            }
        });
        return new Settings(values);
    }

    /** Without the blanks around it, no-break spaces too: nobody sees them at the end of a line. */
    private static String value(String text) {
        return text.replaceAll(BLANKS, "");
    }

    private static void requireNamesOnce(Path config, Set<String> names) throws UsageException {
        Map<String, String> variables = new HashMap<>();
        for (String name : new TreeSet<>(names)) {
            String other = variables.put(variable(name), name);
            if (other != null) {
                throw new UsageException(config + " has one setting by two names: " + other + " and " + name + ".");
            }
        }
    }

    /** UTF-8, or what a byte order mark says: Notepad writes one, and PowerShell's {@code >} writes UTF-16 with one. */
    private static String text(byte[] bytes) throws CharacterCodingException {
        boolean little = bytes.length > 1 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
        boolean big = bytes.length > 1 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF;
        Charset charset = little ? StandardCharsets.UTF_16LE : big ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
        String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The environment variable of a setting, however its name is written: app-id or appId. */
    private static String variable(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toUpperCase(Locale.ROOT)
                .replaceAll("[.-]", "_");
    }

    /** The command line's beats the file's and the environment's. */
    Settings with(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value(value.toString()));
        }
        return this;
    }

    /** For Camel Main, which reads the environment itself for the components that it knows by name only: not for ours. */
    Map<String, String> camel() {
        Map<String, String> camel = new HashMap<>(values);
        camel.keySet().removeIf(name -> !name.startsWith("camel."));
        return camel;
    }

    /** Whether the environment may say otherwise: it must not turn a demo into a real run. */
    boolean usesEnvironment() {
        return environment;
    }

    /** Of the component nothing but what is set from here on counts. */
    Settings withoutEnvironment() {
        environment = false;
        values.keySet().removeIf(name -> name.startsWith("camel."));
        return this;
    }

    /**
     * Camel Main's management server, if a port is set (0: any that is free), for this machine unless told otherwise: {@link #HEALTH}
     * and {@link #METRICS}.
     */
    Map<String, String> managed() throws UsageException {
        if (get(MANAGEMENT_PORT) == null) {
            return Map.of();
        }
        int port = number(MANAGEMENT_PORT, 0, 0, 65_535);
        String host = get(MANAGEMENT_HOST, "127.0.0.1");
        // Tried first: the server itself would only log that it cannot, and the run go on without it.
        try (ServerSocket trial = new ServerSocket()) {
            trial.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new UsageException("batch.management-port: cannot listen on " + host + ":" + port
                    + ": the port is in use, or batch.management-host is not this machine's.");
        }
        return Map.of(
                "camel.management.enabled", "true",
                "camel.management.healthPath", HEALTH,
                "camel.metrics.path", METRICS,
                "camel.management.port", String.valueOf(port),
                "camel.management.host", host,
                "camel.management.healthCheckEnabled", "true",
                "camel.management.metricsEnabled", "true",
                "camel.health.exposureLevel", "full",
                "camel.metrics.enabled", "true");
    }

    /** What is wrong with those of Camel or the component. */
    UsageException unusable(Throwable e) {
        return Checks.unusable(values, e);
    }

    BatchConfiguration batch() throws UsageException {
        BatchConfiguration batch = new BatchConfiguration();
        batch.setReport(Checks.directory("--report (" + REPORT + ")", get(REPORT, "out")));
        batch.setJournalUrl(get(JOURNAL));
        Checks.journal(batch.getJournalUrl());
        batch.setJournalUser(get(JOURNAL_USER));
        batch.setJournalPassword(get(JOURNAL_PASSWORD));
        batch.setQueryInterval(duration(QUERY_INTERVAL, batch.getQueryInterval()));
        batch.setGiveUpAfter(duration(GIVE_UP_AFTER, batch.getGiveUpAfter()));
        batch.setQuietAfter(duration(QUIET_AFTER, batch.getQuietAfter()));
        batch.setParallel(number(PARALLEL, batch.getParallel(), 1, 1_000));
        return batch;
    }

    String get(String name, String otherwise) {
        String value = values.get(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    @Nullable
    String get(String name) {
        String value = get(name, "");
        return value.isEmpty() ? null : value;
    }

    int number(String name, int otherwise, int least, int most) throws UsageException {
        String text = get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            String option = name.equals(PARALLEL) ? "--parallel (" + name + ")" : name;
            throw new UsageException(option + " must be a whole number from " + least + " to " + most + ": " + text);
        }
        return Integer.parseInt(text);
    }

    private Duration duration(String name, Duration otherwise) throws UsageException {
        String text = get(name);
        if (text == null) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException(name + " is no duration like 10s, 200ms or 15m: " + text);
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "ms" : matcher.group(2);
        Duration duration =
                switch (unit) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m", "min" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofMillis(number);
                };
        if (duration.isZero()) {
            throw new UsageException(name + " must be longer than zero");
        }
        return duration;
    }
}
