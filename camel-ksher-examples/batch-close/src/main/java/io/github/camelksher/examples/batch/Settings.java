/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a run. Those that begin with {@code camel.}
 * are Camel's. Holds secrets, so it has no {@code toString}.
 */
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

    /** All of them. */
    static final Set<String> NAMES = new TreeSet<>(Set.of(
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

    private final Map<String, String> values;
    private boolean environment = true;

    Settings(Map<String, String> values) {
        this.values = new HashMap<>(values);
    }

    /** Without the blanks around it, no-break spaces too: nobody sees them at the end of a line. */
    static String strip(String value) {
        return value.replaceAll(BLANKS, "");
    }

    /**
     * Sets a value of the command line, which overrides
     * the file and the environment; null changes nothing.
     */
    Settings with(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, strip(value.toString()));
        }
        return this;
    }

    /**
     * For Camel Main. It reads the environment itself only
     * for components whose names it knows, not for ours.
     */
    Map<String, String> camel() {
        Map<String, String> camel = new HashMap<>(values);
        camel.keySet().removeIf(name -> !name.startsWith("camel."));
        return camel;
    }

    /** Whether the environment may say otherwise: it must not turn a demo into a real run. */
    boolean usesEnvironment() {
        return environment;
    }

    /** Forgets the settings of Camel and the component: only what is set after this counts. */
    Settings withoutEnvironment() {
        environment = false;
        values.keySet().removeIf(name -> name.startsWith("camel."));
        return this;
    }

    /** Says what is wrong with a setting of Camel or of the component. */
    UsageException unusable(Throwable e) {
        return SettingChecks.unusable(values, e);
    }

    BatchConfiguration batch() throws UsageException {
        BatchConfiguration batch = new BatchConfiguration();
        batch.setReport(SettingChecks.directory("--report (" + REPORT + ")", get(REPORT, "out")));
        batch.setJournalUrl(get(JOURNAL));
        SettingChecks.journal(batch.getJournalUrl());
        batch.setJournalUser(get(JOURNAL_USER));
        batch.setJournalPassword(get(JOURNAL_PASSWORD));
        duration(QUERY_INTERVAL, batch::setQueryInterval);
        duration(GIVE_UP_AFTER, batch::setGiveUpAfter);
        duration(QUIET_AFTER, batch::setQuietAfter);
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

    private void duration(String name, Consumer<Duration> setter) throws UsageException {
        String text = get(name);
        if (text == null) {
            return;
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
        try {
            setter.accept(duration);
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + " must be longer than zero and at most 365 days: " + text);
        }
    }
}
