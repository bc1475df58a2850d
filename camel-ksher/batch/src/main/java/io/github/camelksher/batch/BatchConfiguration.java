/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Configures a {@link KsherBatch}. It has no {@code toString}, because it holds a password. */
public class BatchConfiguration {

    /** Beyond 292 years, a duration's nanoseconds do not fit into a {@code long}. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private @Nullable String journalUrl;
    private @Nullable String journalUser;
    private @Nullable String journalPassword;
    private @Nullable Duration journalPatience;
    private Path report = Path.of("out");
    private int parallel = 32;
    private Duration queryInterval = Duration.ofSeconds(10);
    private Duration giveUpAfter = Duration.ofMinutes(15);
    private Duration quietAfter = Duration.ofMinutes(10);

    /** The journal's JDBC URL; if not set, H2 in the report's directory. */
    public String getJournalUrl() {
        String url = journalUrl;
        return url == null || url.isBlank()
                ? "jdbc:h2:file:" + report.resolve("journal").toAbsolutePath()
                : url;
    }

    public void setJournalUrl(@Nullable String journalUrl) {
        this.journalUrl = journalUrl;
    }

    /** The database's user; null if it is in the URL or not needed. */
    public @Nullable String getJournalUser() {
        return journalUser;
    }

    public void setJournalUser(@Nullable String journalUser) {
        this.journalUser = journalUser;
    }

    /** The database's password; null if none is needed. */
    public @Nullable String getJournalPassword() {
        return journalPassword;
    }

    public void setJournalPassword(@Nullable String journalPassword) {
        this.journalPassword = journalPassword;
    }

    /** How long to wait for a database that is away; without end if not set. */
    public @Nullable Duration getJournalPatience() {
        return journalPatience;
    }

    /** Refuses what is not longer than zero or longer than 365 days (IllegalArgumentException). */
    public void setJournalPatience(@Nullable Duration journalPatience) {
        this.journalPatience = journalPatience == null ? null : duration("journalPatience", journalPatience);
    }

    /** The directory that reports go to; {@code out} if not set. */
    public Path getReport() {
        return report;
    }

    public void setReport(Path report) {
        this.report = report;
    }

    /** How many calls may be in flight; 32 if not set, at most {@code maxConnections}. */
    public int getParallel() {
        return parallel;
    }

    /** Refuses what is less than 1 (IllegalArgumentException). */
    public void setParallel(int parallel) {
        if (parallel < 1) {
            throw new IllegalArgumentException("parallel must be at least 1: " + parallel);
        }
        this.parallel = parallel;
    }

    /** From the end of an order's query to the next one, and the first back-off; 10 s. */
    public Duration getQueryInterval() {
        return queryInterval;
    }

    /** Refuses what is not longer than zero or longer than 365 days (IllegalArgumentException). */
    public void setQueryInterval(Duration queryInterval) {
        this.queryInterval = duration("queryInterval", queryInterval);
    }

    /** How long an order may take from its first call, and a pause may last; 15 minutes. */
    public Duration getGiveUpAfter() {
        return giveUpAfter;
    }

    /** Refuses what is not longer than zero or longer than 365 days (IllegalArgumentException). */
    public void setGiveUpAfter(Duration giveUpAfter) {
        this.giveUpAfter = duration("giveUpAfter", giveUpAfter);
    }

    /** After so long a quiet batch without a total is complete; 10 minutes if not set. */
    public Duration getQuietAfter() {
        return quietAfter;
    }

    /** Refuses what is not longer than zero or longer than 365 days (IllegalArgumentException). */
    public void setQuietAfter(Duration quietAfter) {
        this.quietAfter = duration("quietAfter", quietAfter);
    }

    private static Duration duration(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be longer than zero and at most " + LONGEST.toDays() + " days: " + value);
        }
        return value;
    }
}
