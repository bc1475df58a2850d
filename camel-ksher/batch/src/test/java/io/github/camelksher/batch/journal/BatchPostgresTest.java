/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.SQLException;
import org.junit.jupiter.api.extension.RegisterExtension;

class BatchPostgresTest extends BatchContract {

    @RegisterExtension
    static final PostgresServer SERVER = new PostgresServer();

    @Override
    String newDatabase() throws SQLException {
        return SERVER.newDatabase();
    }
}
