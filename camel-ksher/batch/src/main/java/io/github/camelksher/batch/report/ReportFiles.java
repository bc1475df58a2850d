/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowOperation;
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
 * Writes a batch's report from the journal alone, so that it can be written again at any time and
 * is the same. Each file gets a temporary name and is renamed when all of them are complete.
 */
public final class ReportFiles {

    private static final List<String> INPUT =
            List.of("operation", "mch_order_no", "ksher_order_no", "channel_order_no");
    private static final List<String> REPORT = Stream.of(
                    List.of("line"), INPUT, List.of("outcome", "detail", "code", "error_code", "calls", "finished_at"))
            .flatMap(List::stream)
            .toList();

    /** The input's columns, so that the file can be fed in again; the last three are for people. */
    private static final List<String> ATTENTION = Stream.of(INPUT, List.of("channel", "line", "outcome", "detail"))
            .flatMap(List::stream)
            .toList();

    /** If a report is fed in again, its own columns are not carried over once more. */
    private static final Set<String> OWN_COLUMNS =
            Stream.of(REPORT, ATTENTION).flatMap(List::stream).collect(Collectors.toUnmodifiableSet());

    /** Limits the memory for a queue whose messages all use different names. */
    private static final int MAX_OTHERS = 200;

    private final Journal journal;
    private final BatchInfo batch;
    private final Path directory;
    /** The input's other columns, which follow those of the report. */
    private final List<String> others;

    /** Closed gateway orders that can still be paid with a saved QR code. */
    private long payable;

    private final Map<Path, Path> written = new LinkedHashMap<>();

    private ReportFiles(Journal journal, BatchInfo batch, Path directory) {
        this.journal = journal;
        this.batch = batch;
        this.directory = directory;
        this.others = journal.reports().otherColumns(batch, MAX_OTHERS).stream()
                .filter(name -> !OWN_COLUMNS.contains(name.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /**
     * Writes the report of a batch whose rows are all final.
     *
     * @return the CSV file
     * @throws IOException if it cannot be written; no incomplete file is left
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

    /** The beginning of its files' names: each run of a LATE batch replaces the same file. */
    private String stem() {
        return batch.kind() == Kind.LATE ? batch.name().replaceFirst("\\.late-[0-9]+$", ".late") : batch.name();
    }

    /** Deletes temporary files of a process on this host that was killed while it wrote. */
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

    private void printCsv(Writer out, List<String> columns, Line line) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader(Stream.concat(columns.stream(), others.stream().map(ReportFiles::text))
                        .toArray(String[]::new))
                .setRecordSeparator("\n")
                .get();
        // Not closed, because the caller closes the writer.
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
        // The cell as it came, which may have blanks around it.
        if (closed && row.cell("operation").toLowerCase(Locale.ROOT).contains(RowOperation.CANCEL.text())) {
            payable++;
        }
        CallDetails details = row.result().details();
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(row.line());
        INPUT.forEach(column -> cells.add(text(row.cell(column))));
        cells.add(row.outcome());
        cells.add(text(details.text()));
        cells.add(details.code());
        cells.add(text(details.errorCode()));
        cells.add(row.calls());
        cells.add(row.finishedAt() == null ? "" : row.finishedAt().truncatedTo(ChronoUnit.SECONDS));
        print(csv, row, cells);
    }

    private void attention(CSVPrinter csv, ReportedRow row) throws IOException {
        if (row.outcome().needsPerson()) {
            // As they came: a quote before a number would make it another number.
            List<@Nullable Object> cells = new ArrayList<>();
            INPUT.forEach(column -> cells.add(row.cell(column)));
            cells.add(row.cell("channel"));
            cells.add(row.line());
            cells.add(row.outcome());
            cells.add(row.result().details().text());
            print(csv, row, cells);
        }
    }

    private void print(CSVPrinter csv, ReportedRow row, List<@Nullable Object> cells) throws IOException {
        others.forEach(name -> cells.add(text(row.others().get(name))));
        csv.printRecord(cells);
    }

    /** Keeps a spreadsheet from taking a text for a formula, which anybody may have written. */
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
