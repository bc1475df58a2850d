/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;

/** Reads from the journal while others write. Thread-safe. */
record Reader(Database database, HikariDataSource pool, LongSupplier h2Clock, Outage outage) {

    /** Reads on a connection of its own; waits while the database is away. */
    <T> T read(GroupWriter.Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                outage.check();
                T result = run(work);
                if (attempt > 1) {
                    outage.isOver();
                }
                return result;
            } catch (SQLException e) {
                if (!outage.tryAgain(e, attempt)) {
                    throw JournalException.of(e);
                }
            }
        }
    }

    /** The same, but fails at once if the database is away. */
    <T> T readOnce(GroupWriter.Work<T> work) {
        try {
            return run(work);
        } catch (SQLException e) {
            throw new JournalException("The journal cannot be used (" + Database.shortText(e) + ").", e);
        }
    }

    private <T> T run(GroupWriter.Work<T> work) throws SQLException {
        try (Connection c = pool.getConnection()) {
            try {
                return work.on(new Sql(c, database, h2Clock));
            } catch (SQLException e) {
                H2DataSource.evict(pool, c);
                throw e;
            }
        }
    }
}
