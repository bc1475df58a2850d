/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {

    @ParameterizedTest
    @CsvSource({
        "40001, CONFLICT",
        "40P01, CONFLICT",
        "23505, CONFLICT",
        "55P03, CONFLICT",
        "08006, AWAY",
        "57P01, AWAY",
        "53100, AWAY",
        "90098, AWAY",
        ", AWAY",
        "42601, INVALID",
        "22003, INVALID",
        "23502, INVALID"
    })
    void aFailureSaysWhetherARepetitionHelps(String state, Database.Failure expected) {
        assertThat(Database.kind(new SQLException("failed", state))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:mem:x",
                "jdbc:h2:tcp://host/x",
                "jdbc:h2:file:/x;AUTO_SERVER=TRUE",
                "jdbc:h2:file:/x;FILE_LOCK=NO",
                "jdbc:mysql://user:SECRET@host/x?password=SECRET",
                "jdbc:postgresql://host/x?reWriteBatchedInserts=true"
            })
    void refusesAUrlThatCannotKeepThePromisesOfAJournal(String url) {
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> Database.of(url))
                .withMessageNotContaining("SECRET");
    }

    @Test
    void aMessageQuotesNoStatement() {
        SQLException failure = new SQLException("no such column; SQL statement: INSERT 'A-1'", "42S22");
        assertThat(Database.shortText(failure)).isEqualTo("42S22: no such column");
    }
}
