/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which work shares a commit, and what fails with it. The database is one that only commits. */
class GroupWriterTest {

    private interface Commit {
        void run() throws SQLException;
    }

    private final AtomicInteger commits = new AtomicInteger();
    private volatile Commit commit = () -> {};
    private final Outage outage = new Outage();
    private final HikariDataSource pool = pool();
    private final GroupWriter writer = new GroupWriter(Database.POSTGRESQL, pool, () -> 0, outage);
    private final CompletableFuture<Void> go = new CompletableFuture<>();

    @AfterEach
    void close() {
        go.complete(null);
        writer.close();
        pool.close();
    }

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(proxy(DataSource.class, (self, method, values) -> switch (method.getName()) {
            case "getConnection" -> connection();
            // The pool that closes waits so many seconds for a connection that is being opened.
            case "getLoginTimeout" -> 5;
            default -> null;
        }));
        return new HikariDataSource(config);
    }

    private Connection connection() {
        return proxy(Connection.class, (self, method, values) -> switch (method.getName()) {
            case "commit" -> {
                commits.incrementAndGet();
                commit.run();
                yield null;
            }
            case "isValid" -> true;
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == values[0];
            default -> method.getReturnType() == boolean.class ? false : method.getReturnType() == int.class ? 0 : null;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private CompletableFuture<Integer> write(int result) {
        return write(sql -> result);
    }

    private CompletableFuture<Integer> write(GroupWriter.Work<Integer> work) {
        return writer.write(work).orTimeout(30, TimeUnit.SECONDS);
    }

    /** A group that is being written until {@link #go}: what is added meanwhile is one group. */
    private void hold() {
        CompletableFuture<Void> begun = new CompletableFuture<Void>().orTimeout(30, TimeUnit.SECONDS);
        var unused = write(sql -> {
            begun.complete(null);
            go.join();
            return 0;
        });
        begun.join();
    }

    @Test
    void whatComesWhileAGroupIsWrittenSharesOneCommit() {
        hold();
        List<CompletableFuture<Integer>> work =
                IntStream.range(0, 50).mapToObj(this::write).toList();
        go.complete(null);
        assertThat(work.stream().map(CompletableFuture::join))
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
        assertThat(commits).hasValue(2);
    }

    @Test
    void nothingIsAcknowledgedBeforeItIsCommitted() {
        CompletableFuture<Void> committing = new CompletableFuture<Void>().orTimeout(30, TimeUnit.SECONDS);
        commit = () -> {
            committing.complete(null);
            go.join();
        };
        CompletableFuture<Integer> work = write(1);
        committing.join();
        assertThat(work).isNotDone();
        go.complete(null);
        assertThat(work.join()).isEqualTo(1);
    }

    @Test
    void workThatCannotBeWrittenKeepsNoOtherWorkFromBeingWritten() {
        SQLException wrong = new SQLException("no such column", "42703");
        hold();
        CompletableFuture<Integer> before = write(1);
        CompletableFuture<Integer> bad = write(sql -> {
            throw wrong;
        });
        CompletableFuture<Integer> after = write(2);
        go.complete(null);
        assertThat(before.join()).isEqualTo(1);
        assertThat(after.join()).isEqualTo(2);
        assertThatThrownBy(bad::join).hasCause(wrong);
        assertThat(commits).as("the first group's, and one for each").hasValue(3);
    }

    @Test
    void whileTheDatabaseIsAwayAGroupFailsAsOne() {
        SQLException away = new SQLException("the connection was lost", "08006");
        hold();
        List<CompletableFuture<Integer>> work =
                IntStream.range(0, 3).mapToObj(this::write).toList();
        commit = () -> {
            if (commits.get() > 1) {
                throw away;
            }
        };
        go.complete(null);
        assertThat(work).allSatisfy(each -> assertThatThrownBy(each::join).hasCause(away));
        assertThat(commits).as("an attempt takes seconds").hasValue(2);
    }

    @Test
    void aConflictIsRepeated() {
        AtomicInteger runs = new AtomicInteger();
        commit = () -> {
            if (commits.get() == 1) {
                throw new SQLException("could not serialize access", "40001");
            }
        };
        assertThat(write(sql -> runs.incrementAndGet()).join()).isEqualTo(2);
        assertThat(commits).hasValue(2);
    }

    @Test
    void anErrorFailsItsWorkAndTheWriterGoesOn() {
        LinkageError error = new LinkageError("by the test");
        CompletableFuture<Integer> bad = write(sql -> {
            throw error;
        });
        assertThatThrownBy(bad::join).hasCause(error);
        assertThat(write(1).join()).isEqualTo(1);
    }

    @Test
    void closingWritesWhatIsQueuedAndTakesNoMore() {
        hold();
        List<CompletableFuture<Integer>> work =
                IntStream.range(0, 3).mapToObj(this::write).toList();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(writer::close);
        assertThat(closing).isNotDone();
        go.complete(null);
        assertThat(closing).succeedsWithin(Duration.ofSeconds(20));
        assertThat(work).allSatisfy(each -> assertThat(each).isCompleted());
        assertThatThrownBy(() -> write(1)).isInstanceOf(JournalException.class).hasMessageContaining("closed");
    }
}
