/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL that can be made to crash, to come back on the same port
 * with the same data, to cut its connections, and to set its clock. Now
 * and then it is slow to tell the time, as one under load is.
 */
final class RestartablePostgres implements AutoCloseable {

    private static final String CLOCKS =
            """
            CREATE SCHEMA chaos;
            CREATE TABLE chaos.clock (ahead interval NOT NULL);
            INSERT INTO chaos.clock VALUES ('0');
            CREATE FUNCTION chaos.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
            DECLARE now timestamptz := (SELECT pg_catalog.clock_timestamp() + ahead FROM chaos.clock);
            BEGIN
                IF random() < 0.03 THEN
                    PERFORM pg_sleep(0.02 * random());
                END IF;
                RETURN now;
            END $$;
            CREATE FUNCTION chaos.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
                'SELECT pg_catalog.statement_timestamp() + ahead FROM chaos.clock';
            CREATE FUNCTION chaos.transaction_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
                'SELECT pg_catalog.transaction_timestamp() + ahead FROM chaos.clock';
            CREATE FUNCTION chaos.now() RETURNS timestamptz LANGUAGE sql STABLE AS
                'SELECT pg_catalog.now() + ahead FROM chaos.clock'
            """;

    private static final String CUT =
            """
            SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """;

    private final Path data;
    private final Path log;
    private final EmbeddedPostgres postgres;
    private final String program;
    private final String options;

    RestartablePostgres(Path directory) throws IOException, SQLException {
        this.data = directory.resolve("postgres");
        this.log = directory.resolve("postgres.log");
        // The embedded server's default is off: a crash would lose the last commits.
        this.postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("synchronous_commit", "on")
                .start();
        // The server writes down how it was started: program "option" "option" …
        String command = Files.readString(data.resolve("postmaster.opts")).strip();
        int space = command.indexOf(" \"");
        this.program = command.substring(0, space);
        this.options = command.substring(space + 1);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(CLOCKS);
        }
    }

    /**
     * The URL for workers, which see the clock that jumps: its schema is searched before the
     * database's own functions. {@code CURRENT_TIMESTAMP} is no function, and does not jump.
     */
    String url() {
        return postgres.getJdbcUrl("postgres", "postgres") + "&options=-c%20search_path=public,chaos,pg_catalog";
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"));
    }

    /** Stops it as a crash does: sessions are not told, and nothing more is written. */
    void stop() throws IOException, InterruptedException {
        control("stop", "-m", "immediate");
    }

    void start() throws IOException, InterruptedException {
        control("start", "-t", "60", "-o", options);
    }

    private void control(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // As it was started: root may not run it.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(Path.of(program).resolveSibling("pg_ctl").toString(), "-D", data.toString(), "-w"));
        command.addAll(List.of(arguments));
        // A file: a server that was started keeps it open.
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (!process.waitFor(90, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(command + " failed:\n" + Files.readString(log));
        }
    }

    /** Cuts every other session, and returns how many there were. */
    int cutConnections() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(CUT)) {
            result.next();
            return result.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets how far its clock is ahead of the real one. */
    void setAhead(Duration ahead) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE chaos.clock SET ahead = make_interval(secs => " + ahead.toSeconds() + ")");
        }
    }

    /** What a query answers, a line for each row. */
    String ask(String sql) {
        StringBuilder lines = new StringBuilder();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                for (int i = 1; i <= columns; i++) {
                    lines.append(i == 1 ? "\n  " : ", ")
                            .append(result.getMetaData().getColumnLabel(i))
                            .append(' ')
                            .append(result.getString(i));
                }
            }
        } catch (SQLException e) {
            lines.append("\n  cannot be read: ").append(e.getMessage());
        }
        return lines.toString();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
