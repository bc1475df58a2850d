/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchInfo.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a file is a new batch, and when it is one that the journal has. */
class FilePlannerTest extends JournalCase {

    /** More than two of the chunks in which rows are written. */
    private static final int ROWS = 2_500;

    private OrdersFile file(String operation, int rows) throws Exception {
        Path path = Files.writeString(
                directory.resolve("night.csv"),
                IntStream.range(0, rows)
                        .mapToObj(i -> operation + ",A" + i + "\n")
                        .collect(Collectors.joining("", "operation,mch_order_no\n", "")));
        return OrdersFile.open(path);
    }

    private BatchInfo plan(OrdersFile file, boolean again) throws Exception {
        return FilePlanner.plan(journal, TARGET, file, again);
    }

    @Test
    void aFileWhoseBatchIsNotDoneIsPlannedOnceWhateverIsAskedFor() throws Exception {
        OrdersFile file = file("close", 3);
        BatchInfo planned = plan(file, false);
        assertThat(planned.state()).isEqualTo(State.OPEN);
        assertThat(planned.received()).isEqualTo(3);
        assertThat(plan(file, false)).isEqualTo(planned);
        assertThat(plan(file, true)).isEqualTo(planned);
        assertThat(journal.all()).hasSize(1);
    }

    @Test
    void aFileWhoseBatchIsDoneIsAnotherRunOnlyIfThatIsAskedFor() throws Exception {
        // An invalid row is final at once.
        OrdersFile file = file("pay", 1);
        BatchInfo first = plan(file, false);
        assertThat(journal.finish(first, 0)).isTrue();
        assertThat(plan(file, false)).isEqualTo(now(first)).matches(BatchInfo::isDone);
        BatchInfo second = plan(file, true);
        assertThat(second.name()).isEqualTo(first.name() + "-2");
        assertThat(second.run()).isEqualTo(2);
        assertThat(second.isDone()).isFalse();
        assertThat(plan(file, false)).as("the latest run").isEqualTo(second);
    }

    @Test
    void whatWasPlannedBeforeAStopIsKeptAndTheNextRunPlansTheRest() throws Exception {
        OrdersFile file = file("close", ROWS);
        AtomicInteger chunks = new AtomicInteger();
        assertThatThrownBy(() -> FilePlanner.plan(journal, TARGET, file, false, () -> chunks.incrementAndGet() > 1))
                .isInstanceOf(InterruptedException.class);
        BatchInfo begun = journal.findContent(TARGET, file.sha256());
        assertThat(begun).isNotNull();
        assertThat(begun.state()).as("none of its orders is worked on").isEqualTo(State.READING);
        assertThat(begun.received()).isEqualTo(1_000);
        BatchInfo planned = plan(file, false);
        assertThat(planned.id()).isEqualTo(begun.id());
        assertThat(planned.state()).isEqualTo(State.OPEN);
        assertThat(planned.received()).isEqualTo(ROWS);
    }

    @Test
    void aFileThatChangesWhileItIsReadIsNotPlannedAtAll() throws Exception {
        OrdersFile file = file("close", ROWS);
        assertThatThrownBy(() -> FilePlanner.plan(journal, TARGET, file, false, () -> {
                    append(file.path());
                    return false;
                }))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("changed");
        assertThat(journal.all()).isEmpty();
    }

    private static void append(Path path) {
        try {
            Files.writeString(path, "close,B\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aQueuesBatchOfTheSameNameIsLeftAlone() throws Exception {
        OrdersFile file = file("close", 3);
        journal.receive(
                        TARGET,
                        file.batchName(),
                        order(1).operation("close").mchOrderNo("A").build())
                .join();
        assertThatThrownBy(() -> plan(file, false))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("another batch of the name");
        assertThat(journal.all()).singleElement().satisfies(queue -> {
            assertThat(queue.kind()).isEqualTo(BatchInfo.Kind.QUEUE);
            assertThat(queue.received()).isEqualTo(1);
        });
    }
}
