/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a {@link KsherBatch} works. Has no {@code toString}: it holds a password. */
public class BatchConfiguration {

    private @Nullable String journalUrl;
    private @Nullable String journalUser;
    private @Nullable String journalPassword;
    private @Nullable Duration journalPatience;
    private Path report = Path.of("out");
    private int parallel = 32;
    private Duration queryInterval = Duration.ofSeconds(10);
    private Duration giveUpAfter = Duration.ofMinutes(15);
    private Duration quietAfter = Duration.ofMinutes(10);

    /** JDBC URL of the journal, {@code jdbc:h2:…} or {@code jdbc:postgresql:…}; H2 in the report's directory if not set. */
    public String getJournalUrl() {
        String url = journalUrl;
        return url == null || url.isBlank()
                ? "jdbc:h2:file:" + report.resolve("journal").toAbsolutePath()
                : url;
    }

    public void setJournalUrl(@Nullable String journalUrl) {
        this.journalUrl = journalUrl;
    }

    /** The database's user; null if the URL says it, or none is needed. */
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

    /**
     * How long the journal's database may be away: so long everything waits for it and then goes on; after that, work stops. Null, as
     * long as it takes, if not set.
     */
    public @Nullable Duration getJournalPatience() {
        return journalPatience;
    }

    public void setJournalPatience(@Nullable Duration journalPatience) {
        this.journalPatience = journalPatience;
    }

    /** The directory that reports go to; {@code out} if not set. */
    public Path getReport() {
        return report;
    }

    public void setReport(Path report) {
        this.report = report;
    }

    /** How many calls may be in flight; 32 if not set. The component's {@code maxConnections} must not be less. */
    public int getParallel() {
        return parallel;
    }

    public void setParallel(int parallel) {
        this.parallel = parallel;
    }

    /** How long after its end an order's query may be repeated; 10 s, as Ksher asks for. Back-off grows with it. */
    public Duration getQueryInterval() {
        return queryInterval;
    }

    public void setQueryInterval(Duration queryInterval) {
        this.queryInterval = queryInterval;
    }

    /** How long an order may take from its first call, and Ksher to give a good reply; 15 minutes. */
    public Duration getGiveUpAfter() {
        return giveUpAfter;
    }

    public void setGiveUpAfter(Duration giveUpAfter) {
        this.giveUpAfter = giveUpAfter;
    }

    /** How long nothing may come for a queue's batch without a total before it counts as complete; 10 minutes. */
    public Duration getQuietAfter() {
        return quietAfter;
    }

    public void setQuietAfter(Duration quietAfter) {
        this.quietAfter = quietAfter;
    }
}
