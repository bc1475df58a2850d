/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;

/** The two databases that a journal can be in, and their differences. */
enum Database {
    /** A file that this process locks, so there is no other worker. */
    H2("CAST(? AS BIGINT)", "CAST(? AS BIGINT)", "", ""),
    /** For several machines. */
    POSTGRESQL(
            "CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)",
            "(SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT))",
            " FOR UPDATE SKIP LOCKED",
            " FOR UPDATE OF r SKIP LOCKED");

    private static final int MIGRATIONS = 5;

    /**
     * Overrides the server's settings: what was committed is on its disk, and a worker that is
     * stopped within a transaction loses it together with the locks that others wait for.
     */
    private static final String SESSION = "SET synchronous_commit = on; SET lock_timeout = '5s';"
            + " SET idle_in_transaction_session_timeout = '10s'";

    /** Milliseconds since 1970 by the clock that all workers share, read for each row. */
    final String now;

    /** The same clock, read once for each statement. */
    final String start;

    /** Skips rows that another worker has locked, so that nobody waits for a lock. */
    final String skipLocked;

    /** The same, and locks only rows of the table {@code r}. */
    final String skipLockedRows;

    Database(String now, String start, String skipLocked, String skipLockedRows) {
        this.now = now;
        this.start = start;
        this.skipLocked = skipLocked;
        this.skipLockedRows = skipLockedRows;
    }

    /**
     * @throws JournalException if a database of this URL could lose what it committed, or is shared
     */
    static Database of(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:postgresql:")) {
            if (lower.contains("rewritebatchedinserts=true")) {
                throw new JournalException(
                        "A journal's URL must not have reWriteBatchedInserts=true: with it, the driver does not"
                                + " say which rows are new.");
            }
            return POSTGRESQL;
        }
        boolean shared = lower.matches("jdbc:h2:(mem|tcp|ssl|zip|niomemfs|memfs|memlz|niomemlz):.*")
                || lower.contains("auto_server=true")
                || lower.contains("file_lock=no");
        if (lower.startsWith("jdbc:h2:") && !shared) {
            return H2;
        }
        throw new JournalException(
                "A journal is jdbc:h2: with a file that one process locks, or jdbc:postgresql:; this one is "
                        + url.replaceFirst("[;?].*", "").replaceFirst("//[^/@]*@", "//"));
    }

    /** Opens the pool and brings the schema up to date. */
    HikariDataSource open(String url, @Nullable String user, @Nullable String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("ksher-journal");
        if (this == H2) {
            config.setDataSource(new H2DataSource(h2(url), user, password, h2File(url)));
        } else {
            config.setJdbcUrl(url);
            config.setUsername(user);
            config.setPassword(password);
            config.setConnectionInitSql(SESSION);
            // Without these, a server that is gone would be waited for without end. Settings in the
            // URL take precedence.
            config.addDataSourceProperty("connectTimeout", "10");
            config.addDataSourceProperty("socketTimeout", "30");
            config.addDataSourceProperty("tcpKeepAlive", "true");
        }
        config.setMaximumPoolSize(6);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(3_000);
        HikariDataSource pool = null;
        try {
            pool = new HikariDataSource(config);
            migrate(pool);
            return pool;
        } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
            if (pool != null) {
                pool.close();
            }
            throw new JournalException(openFailure(e), e);
        }
    }

    private static void migrate(HikariDataSource pool) {
        Flyway flyway = Flyway.configure(Journal.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:io/github/camelksher/batch/journal")
                .table("ksher_batch_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
        for (int attempt = 1; ; attempt++) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                // Two processes that create the journal at the same time can fail each other.
                if (attempt == MIGRATIONS) {
                    throw e;
                }
            }
        }
    }

    /**
     * H2 writes half a second after a commit: see {@link #afterCommit}. {@code RETENTION_TIME} lets
     * it reuse space after a second. Without {@code TRACE_LEVEL_FILE=0} it would write a trace file
     * beside the journal.
     */
    private static String h2(String url) {
        return url + ";MODE=PostgreSQL;DB_CLOSE_ON_EXIT=FALSE;RETENTION_TIME=1000;TRACE_LEVEL_FILE=0";
    }

    /** The file of an H2 URL; null if it cannot be told. */
    private static @Nullable Path h2File(String url) {
        String path = url.replaceFirst("(?i)^jdbc:h2:(file:)?", "").replaceFirst(";.*", "");
        String home = Matcher.quoteReplacement(System.getProperty("user.home"));
        try {
            return Path.of(path.replaceFirst("^~(?=[/\\\\])", home) + ".mv.db").toAbsolutePath();
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String openFailure(Exception e) {
        if (e instanceof FlywayValidateException) {
            return "The journal was made by another version of this program: finish its batches with that one, then use"
                    + " another journal.";
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return switch (String.valueOf(sql.getSQLState())) {
                    case "90020" ->
                        "The journal is in use by another process: wait for that run or stop it. Several at once need"
                                + " PostgreSQL (a journal URL jdbc:postgresql://…).";
                    case "28P01", "28000" ->
                        "The journal's database rejects user or password: check batch.journal.user and .password.";
                    case "90013", "3D000" -> "The journal's database does not exist: create it first.";
                    default ->
                        "The journal cannot be opened (" + shortText(sql) + "). Check that it can be reached and"
                                + " written to, and that the disk has room.";
                };
            }
        }
        return "The journal cannot be opened (" + e.getClass().getSimpleName() + ").";
    }

    /** What a failure of a statement or connection means. */
    enum Failure {
        /** Two transactions conflicted: a repetition succeeds. */
        CONFLICT,
        /** The database cannot be reached, is full or read-only: a repetition succeeds later. */
        AWAY,
        /** The statement or its values are wrong. */
        INVALID
    }

    static Failure kind(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (Set.of("40001", "40P01", "23505", "55P03").contains(state)) {
            return Failure.CONFLICT;
        }
        boolean fault = Stream.of("0A", "21", "22", "23", "42").anyMatch(state::startsWith);
        return fault ? Failure.INVALID : Failure.AWAY;
    }

    /** The first line of the innermost failure's message, without a quoted statement. */
    static String shortText(SQLException e) {
        SQLException inner = e;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            inner = cause instanceof SQLException sql ? sql : inner;
        }
        String text = String.valueOf(inner.getMessage()).lines().findFirst().orElse("");
        int statement = text.indexOf("; SQL statement");
        text = statement < 0 ? text : text.substring(0, statement);
        text = text.startsWith("Batch entry ") ? "a batch of statements was not answered" : text;
        return inner.getSQLState() + ": " + text.substring(0, Math.min(text.length(), 200));
    }

    /**
     * Makes a commit survive a killed process and a power cut. PostgreSQL does that by itself; H2
     * does not, so its file is synchronised. With WRITE_DELAY=0 the file would grow without bounds
     * and still not survive a power cut.
     */
    void afterCommit(Connection connection) throws SQLException {
        if (this == H2) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT SYNC");
            }
        }
    }
}
