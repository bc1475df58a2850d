/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IntakePostgresTest extends IntakeContract {

    private static EmbeddedPostgres server;
    private static int databases;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Override
    String newDatabase() throws SQLException {
        String name = "journal" + ++databases;
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return server.getJdbcUrl("postgres", name);
    }

    @Test
    void aDatabaseThatIsSlowToSayTheTimeShortensNoWait() throws SQLException {
        String database = newDatabase();
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE SCHEMA slow;
                    CREATE FUNCTION slow.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$
                    DECLARE now timestamptz := pg_catalog.clock_timestamp();
                    BEGIN
                        PERFORM pg_sleep(0.2);
                        RETURN now;
                    END $$""");
        }
        // A schema is looked into before the database's own functions if it is named before them.
        String slow = database + "&options=-c%20search_path=public,slow,pg_catalog";
        try (Journal behind = Journal.open(slow, null, null);
                Journal exact = Journal.open(database, null, null)) {
            long now = behind.now();
            assertThat(behind.nowAtLatest() - now).as("the answer took 200 ms").isGreaterThanOrEqualTo(200);
            for (Journal begins : List.of(behind, exact)) {
                for (Journal ends : List.of(behind, exact)) {
                    long ended = ends.now();
                    assertThat(begins.nowAtLatest()).as("what begins later").isGreaterThanOrEqualTo(ended);
                }
            }
        }
    }
}
