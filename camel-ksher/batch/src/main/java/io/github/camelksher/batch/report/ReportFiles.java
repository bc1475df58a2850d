/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.Operation;
import io.github.camelksher.batch.life.Outcome;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch's report from the journal, and from nothing else: it may be written again at any time, by anyone, and is the
 * same. Every file is written under a temporary name and renamed when all are whole.
 */
public final class ReportFiles {

    private static final String[] REPORT = {
        "line",
        "operation",
        "mch_order_no",
        "ksher_order_no",
        "channel_order_no",
        "outcome",
        "detail",
        "code",
        "error_code",
        "calls",
        "finished_at"
    };

    /** What the input's columns are called, so that it can be fed in again; the last three are for people. */
    private static final String[] ATTENTION = {
        "operation", "mch_order_no", "ksher_order_no", "channel_order_no", "channel", "line", "outcome", "detail"
    };

    /** A report that is fed in again has our columns among its others. */
    private static final Set<String> OURS =
            Stream.of(REPORT, ATTENTION).flatMap(Arrays::stream).collect(Collectors.toUnmodifiableSet());

    /** So that a queue whose messages never have the same names needs no memory without end. */
    private static final int MAX_OTHERS = 200;

    private final Journal journal;
    private final BatchInfo batch;
    private final Path directory;
    /** The input's other columns: they follow our own. */
    private final List<String> others;

    /** Closed gateway orders among the rows that were written: each can still be paid with a saved QR code. */
    private long payable;

    private final Map<Path, Path> written = new LinkedHashMap<>();

    private ReportFiles(Journal journal, BatchInfo batch, Path directory) {
        this.journal = journal;
        this.batch = batch;
        this.directory = directory;
        this.others = journal.reports().otherColumns(batch, MAX_OTHERS).stream()
                .filter(name -> !OURS.contains(name.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /**
     * Writes the report of a batch whose rows are all final.
     *
     * @return the file that people look for first
     * @throws IOException if that cannot be; then no file is left half written
     */
    public static Path write(Journal journal, BatchInfo batch, Path directory) throws IOException {
        return new ReportFiles(journal, batch, directory).write();
    }

    private Path write() throws IOException {
        Files.createDirectories(directory);
        removeLeftovers();
        try {
            if (batch.kind() == Kind.LATE) {
                write(stem() + ".csv", out -> printCsv(out, REPORT, this::report));
            } else {
                write(batch.name() + ".report.csv", out -> printCsv(out, REPORT, this::report));
                write(batch.name() + ".attention.csv", out -> printCsv(out, ATTENTION, this::attention));
                Summary summary = Summary.of(journal, batch);
                write(batch.name() + ".report.html", out -> HtmlReport.write(out, page(summary)));
                write(batch.name() + ".summary.json", out -> out.write(summary.toJson()));
            }
            for (Map.Entry<Path, Path> file : written.entrySet()) {
                Files.move(
                        file.getKey(),
                        file.getValue(),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
            return written.values().iterator().next();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            for (Path unfinished : written.keySet()) {
                Files.deleteIfExists(unfinished);
            }
        }
    }

    /** What its files are called: every run of a late batch writes the same one. */
    private String stem() {
        return batch.kind() == Kind.LATE ? batch.name().replaceFirst("\\.late-[0-9]+$", ".late") : batch.name();
    }

    /** Of a process that was killed while it wrote. */
    private void removeLeftovers() throws IOException {
        String mine = Lease.processName();
        String host = mine.substring(mine.indexOf('@'));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "." + stem() + ".*.tmp")) {
            for (Path file : left) {
                String name = String.valueOf(file.getFileName());
                String writer = name.replaceFirst("^.*\\.([0-9]+)@[^@]*\\.tmp$", "$1");
                boolean here = name.endsWith(host + ".tmp") && writer.matches("[0-9]{1,18}");
                if (here && ProcessHandle.of(Long.parseLong(writer)).isEmpty()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    @FunctionalInterface
    private interface Content {
        void to(Writer out) throws IOException;
    }

    private void write(String name, Content content) throws IOException {
        Path unfinished = directory.resolve("." + name + "." + Lease.processName() + ".tmp");
        written.put(unfinished, directory.resolve(name));
        try (BufferedWriter out = Files.newBufferedWriter(unfinished, StandardCharsets.UTF_8)) {
            content.to(out);
        }
        try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            file.force(true);
        }
    }

    @FunctionalInterface
    private interface Line {
        void print(CSVPrinter csv, ReportedRow row) throws IOException;
    }

    private void printCsv(Writer out, String[] columns, Line line) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader(Stream.concat(Arrays.stream(columns), others.stream().map(ReportFiles::text))
                        .toArray(String[]::new))
                .setRecordSeparator("\n")
                .get();
        // Not closed: the writer is its caller's.
        @SuppressWarnings("resource")
        CSVPrinter csv = new CSVPrinter(out, format);
        journal.reports().forEachFinal(batch, row -> {
            try {
                line.print(csv, row);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        csv.flush();
    }

    private void report(CSVPrinter csv, ReportedRow row) throws IOException {
        boolean closed = row.outcome() == Outcome.CLOSED || row.outcome() == Outcome.ALREADY_CLOSED;
        // The text of the input, which may have blanks around it.
        if (closed && row.operation().toLowerCase(Locale.ROOT).contains(Operation.CANCEL.text())) {
            payable++;
        }
        print(
                csv,
                row,
                row.line(),
                text(row.operation()),
                text(row.mchOrderNo()),
                text(row.ksherOrderNo()),
                text(row.channelOrderNo()),
                row.outcome(),
                text(row.detail()),
                row.code(),
                text(row.errorCode()),
                row.calls(),
                row.finishedAt() == null ? "" : row.finishedAt().truncatedTo(ChronoUnit.SECONDS));
    }

    private void attention(CSVPrinter csv, ReportedRow row) throws IOException {
        if (row.outcome().needsPerson()) {
            // As it came: a quote before a number would make it another one.
            print(
                    csv,
                    row,
                    row.operation(),
                    row.mchOrderNo(),
                    row.ksherOrderNo(),
                    row.channelOrderNo(),
                    row.channel(),
                    row.line(),
                    row.outcome(),
                    row.detail());
        }
    }

    private void print(CSVPrinter csv, ReportedRow row, @Nullable Object... cells) throws IOException {
        Stream<@Nullable Object> more =
                others.stream().map(name -> text(row.others().get(name)));
        csv.printRecord(Stream.concat(Arrays.stream(cells), more));
    }

    /** A spreadsheet would take such a cell for a formula, and some of this text was written by others. */
    static String text(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "";
        }
        return "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    }

    private HtmlReport.Content page(Summary summary) {
        Map<Outcome, List<ReportedRow>> listed = new EnumMap<>(Outcome.class);
        for (Outcome outcome : summary.outcomes().keySet()) {
            if (outcome == Outcome.PAID || outcome.needsPerson()) {
                listed.put(outcome, journal.reports().finalRows(batch, List.of(outcome), HtmlReport.LISTED));
            }
        }
        return new HtmlReport.Content(
                summary, listed, others, payable, displayed().iterator());
    }

    /** What to act on first comes first. */
    private List<ReportedRow> displayed() {
        List<ReportedRow> rows = new ArrayList<>();
        List<Outcome> people =
                List.of(Outcome.values()).stream().filter(Outcome::needsPerson).toList();
        List<Outcome> rest = List.of(Outcome.values()).stream()
                .filter(outcome -> !outcome.needsPerson() && outcome != Outcome.PAID)
                .toList();
        for (List<Outcome> outcomes : List.of(List.of(Outcome.PAID), people, rest)) {
            rows.addAll(journal.reports().finalRows(batch, outcomes, HtmlReport.MAX_ROWS - rows.size()));
        }
        return rows;
    }
}
