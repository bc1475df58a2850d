/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseH2Test extends LeaseContract {

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
    /** So many commits more are carried out and not answered. */
    private final AtomicInteger unanswered = new AtomicInteger();

    private String url() {
        return "jdbc:h2:file:" + directory.resolve("journal");
    }

    @Override
    Journal open() {
        Journal.open(url(), null, null).close();
        HikariConfig config = new HikariConfig();
        config.setDataSource((DataSource) proxy(DataSource.class, this));
        return new Journal(Database.H2, new HikariDataSource(config), clock::get);
    }

    /** A data source whose connections can be told to lose a commit's answer. */
    private static Object proxy(Class<?> type, LeaseH2Test test) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                // The pool that closes waits so many seconds for a connection that is being opened.
                return method.getReturnType() == int.class ? 5 : null;
            }
            Connection connection = test.connect();
            return Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {Connection.class}, (self, call, values) -> {
                        try {
                            Object result = call.invoke(connection, values);
                            if (call.getName().equals("commit")
                                    && test.unanswered.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                                throw new SQLException("the connection was lost", "08006");
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        });
    }

    @Override
    void turn(Duration by) {
        clock.addAndGet(by.toMillis());
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url() + ";MODE=PostgreSQL");
    }

    @Test
    void aStartTakesOverEverythingAtOnce() {
        Lease killed = lease("killed");
        claimOne(killed, batch);
        try (Lease next = lease("next")) {
            assertThat(claim(next, batch)).as("its query ends now").isEmpty();
            turn(INTERVAL.plusMillis(50));
            assertThat(claim(next, batch)).hasSize(1);
        }
    }

    @Test
    void whatWasCommittedWithoutAnAnswerIsDoneOnce() {
        journal.setPatience(null);
        try (Lease lease = lease("one")) {
            unanswered.set(1);
            assertThat(claim(lease, batch))
                    .as("claimed already, without knowing it")
                    .isEmpty();
            lease.renew(0);
            turn(INTERVAL.plusMillis(50));
            HeldRow row = claimOne(lease, batch);

            unanswered.set(1);
            HeldRow announced = row.withLife(commanded(row)).withCalls(row.calls() + 1);
            assertThat(save(lease, Save.announced(announced))).isTrue();
            unanswered.set(1);
            assertThat(save(lease, Save.waiting(announced).withDelay(INTERVAL).withTimeLeft(INTERVAL)))
                    .isTrue();
            turn(INTERVAL.plusMillis(50));
            HeldRow again = claimOne(lease, batch);
            assertThat(again.life().commands().sent()).isEqualTo(1);
            unanswered.set(1);
            assertThat(save(lease, Save.ended(again, LeaseContract.PAID).withQueryEnded(true)))
                    .isTrue();
            assertThat(save(lease, Save.ended(again, LeaseContract.PAID).withQueryEnded(true)))
                    .as("once")
                    .isFalse();

            unanswered.set(1);
            assertThat(journal.receive(TARGET, "queue", row(1, "Z")).join()).isTrue();
            unanswered.set(1);
            assertThat(file(TARGET, "file", row(1, "Y"), row(2, "Y")).received())
                    .isEqualTo(2);
            assertThat(journal.outage()).isNull();
        }
    }

    @Test
    void withoutPatienceAnOutageIsAFailureAndAConflictIsNone() {
        try (Lease lease = lease("one")) {
            unanswered.set(1);
            assertThat(journal.receive(TARGET, "queue", row(1, "Z")))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("lost");
            assertThat(claim(lease, batch)).hasSize(1);
            assertThat(List.of("40001", "40P01", "23505"))
                    .allSatisfy(state -> assertThat(Database.kind(new SQLException("", state)))
                            .isEqualTo(Database.Failure.CONFLICT));
        }
    }
}
