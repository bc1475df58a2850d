/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The page that an operator opens in the morning. Rows pass through: only the first few are held. */
final class HtmlReport {

    /** What a browser still searches at once. */
    static final int MAX_ROWS = 5_000;

    private static final int PAID_AT_TOP = 10;
    private static final Template PAGE = Mustache.compiler()
            .escapeHTML(true)
            .strictSections(true)
            .nullValue("")
            .emptyStringIsFalse(true)
            .withFormatter(HtmlReport::format)
            .compile(source());

    private HtmlReport() {}

    private record Tally(
            Outcome outcome,
            boolean settled,
            String rows,
            String percent,
            String width,
            String meaning,
            List<ReportedRow> examples,
            String more) {}

    /** Takes no more than {@link #MAX_ROWS} of the rows, PAID first; neither flushes nor closes. */
    static void write(Writer out, Summary summary, Iterator<ReportedRow> rows) throws IOException {
        List<ReportedRow> head = new ArrayList<>();
        while (head.size() < PAID_AT_TOP && rows.hasNext()) {
            head.add(rows.next());
        }
        Stream<ReportedRow> rest = StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false);
        Iterator<ReportedRow> shown =
                Stream.concat(head.stream(), rest).limit(MAX_ROWS).iterator();
        try {
            PAGE.execute(page(summary, head, shown), out);
        } catch (MustacheException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Map<String, Object> page(Summary summary, List<ReportedRow> head, Iterator<ReportedRow> shown) {
        List<ReportedRow> paidRows =
                head.stream().filter(row -> row.outcome() == Outcome.PAID).toList();
        long paid = summary.outcomes().getOrDefault(Outcome.PAID, 0L);
        long person = summary.outcomes().entrySet().stream()
                .filter(e -> e.getKey().needsPerson())
                .mapToLong(Map.Entry::getValue)
                .sum();
        return Map.ofEntries(
                Map.entry("summary", summary),
                Map.entry("took", text(Duration.between(summary.startedAt(), summary.finishedAt()))),
                Map.entry("total", text(summary.rows())),
                Map.entry("calls", text(summary.calls())),
                Map.entry("paid", text(paid, "order") + " paid"),
                Map.entry("anyPaid", paid > 0),
                Map.entry("person", text(person, "row") + (person == 1 ? " needs" : " need") + " a person"),
                Map.entry("anyPerson", person > 0),
                Map.entry("settled", text(summary.rows() - paid - person, "row") + " with nothing to do"),
                Map.entry(
                        "tallies",
                        summary.outcomes().entrySet().stream()
                                .map(e -> tally(e.getKey(), e.getValue(), summary.rows(), paidRows))
                                .toList()),
                Map.entry("truncated", summary.rows() > MAX_ROWS),
                Map.entry("limit", text(MAX_ROWS)),
                Map.entry("isEmpty", head.isEmpty()),
                Map.entry("rows", shown));
    }

    private static Tally tally(Outcome outcome, long n, long of, List<ReportedRow> paidRows) {
        List<ReportedRow> examples = outcome == Outcome.PAID ? paidRows : List.of();
        boolean settled = outcome != Outcome.PAID && !outcome.needsPerson();
        double percent = 100.0 * n / of;
        String rounded = String.format(Locale.ROOT, "%.1f%%", percent);
        // Some is not shown as none, and not all is not shown as all.
        String shown = percent < 0.1 ? "<0.1%" : n < of && rounded.equals("100.0%") ? ">99.9%" : rounded;
        String width = String.format(Locale.ROOT, "%.2f%%", Math.max(percent, 0.5));
        String more = examples.isEmpty() || n <= examples.size() ? "" : "and " + text(n - examples.size()) + " more";
        return new Tally(outcome, settled, text(n, "row"), shown, width, meaning(outcome), examples, more);
    }

    private static String meaning(Outcome outcome) {
        return switch (outcome) {
            case PAID -> "Paid, never closed: deliver the goods.";
            case CLOSED -> "Closed by this batch.";
            case ALREADY_CLOSED -> "Was closed before this batch sent a command for it.";
            case REFUNDED -> "Was paid, and the money was returned, wholly or in part.";
            case DUPLICATE -> "The same operation and numbers as an earlier row: see that row.";
            case NOT_FOUND ->
                "Ksher does not know the order: check the number, and whether it is one for close or for cancel.";
            case REFUSED -> "Still open: Ksher refused to close it, and the code says why.";
            case NOT_CLOSED -> "Still open although it was commanded to close: try again, or ask Ksher.";
            case UNKNOWN -> "How the order stands is not known: ask Ksher. The detail says whether a command went out.";
            case UNTRUSTED ->
                "A reply did not verify: look at the network and the key before anything else."
                        + " The detail says whether a command went out.";
            case INVALID -> "The row cannot be worked: correct it and feed it in again.";
        };
    }

    private static String text(long n) {
        return String.format(Locale.ENGLISH, "%,d", n);
    }

    private static String text(long n, String noun) {
        return text(n) + " " + noun + (n == 1 ? "" : "s");
    }

    private static String text(Duration d) {
        String minutes = d.toMinutesPart() + " min";
        String seconds = d.toSecondsPart() + " s";
        return d.toHours() > 0 ? d.toHours() + " h " + minutes : d.toMinutes() > 0 ? minutes + " " + seconds : seconds;
    }

    /** A time breaks into two lines at the space. */
    private static String format(Object value) {
        return value instanceof Instant time
                ? time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ')
                : value.toString();
    }

    private static String source() {
        try (var in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.html"))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
