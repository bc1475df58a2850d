/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2DataSourceTest {

    @TempDir
    Path directory;

    /**
     * A pool waits as long as the login timeout for connections that are being opened: with 0, they
     * outlived it.
     */
    @Test
    void aPoolThatWasClosedOpensTheFileNoMore() throws Exception {
        for (int i = 0; i < 30; i++) {
            Path file = directory.resolve("journal" + i);
            HikariConfig config = new HikariConfig();
            config.setDataSource(new H2DataSource("jdbc:h2:file:" + file, null, null, null));
            config.setConnectionTimeout(3_000);
            HikariDataSource pool = new HikariDataSource(config);
            pool.getConnection().close();
            pool.close();
            assertThat(pool.getDataSource().getLoginTimeout()).isPositive();
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files.toList())
                        .as("the file and no lock")
                        .containsExactly(directory.resolve("journal" + i + ".mv.db"));
            }
            Files.delete(directory.resolve("journal" + i + ".mv.db"));
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.toList()).isEmpty();
        }
    }
}
