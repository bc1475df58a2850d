/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens an H2 journal after a failure only if its disk has room. H2 closes a database that it
 * cannot write to, and its file was found corrupted after it was opened several times on a full
 * disk.
 */
final class H2DataSource implements DataSource {

    private static final int ROOM_BYTES = 4 * 1024 * 1024;

    private final DataSource driver;
    private final @Nullable Path file;
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile int loginTimeout;

    /** @param file the database's file; null if it is not known */
    H2DataSource(String url, @Nullable String user, @Nullable String password, @Nullable Path file) {
        // The pool's way to the driver: in OSGi, this bundle does not see the driver.
        this.driver = new DriverDataSource(url, null, new Properties(), user, password);
        this.file = file;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (failed.get() && file != null && Files.exists(file)) {
            requireRoom(file);
        }
        Connection connection = driver.getConnection();
        failed.set(false);
        return connection;
    }

    /** Evicts a failed connection: the pool does not recognise all failures of a connection. */
    static void evict(HikariDataSource pool, Connection connection) {
        if (pool.getDataSource() instanceof H2DataSource journal) {
            journal.failed.set(true);
        }
        pool.evictConnection(connection);
    }

    /** Writes a trial file as long as the journal, because file sizes may be limited, too. */
    private static void requireRoom(Path file) throws SQLException {
        Path trial = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".room");
        try {
            try (FileChannel channel = FileChannel.open(trial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.allocate(ROOM_BYTES);
                long position = Files.size(file);
                while (bytes.hasRemaining()) {
                    position += channel.write(bytes, position);
                }
            } finally {
                Files.deleteIfExists(trial);
            }
        } catch (IOException e) {
            throw new SQLException("no room on the disk of the journal, or no right to write there", "HY000", e);
        }
    }

    @Override
    public Connection getConnection(String otherUser, String otherPassword) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user is known");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // The journal logs what goes wrong.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Override
    public int getLoginTimeout() {
        // A closing pool waits so long for a connection that is being opened. Otherwise the file
        // would be opened again after it was closed.
        return loginTimeout;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("there is none");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
