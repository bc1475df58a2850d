/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterators;
import java.util.stream.StreamSupport;

/** The page that an operator opens in the morning. */
final class HtmlReport {

    /** A browser still searches so many rows at once. */
    static final int MAX_ROWS = 5_000;

    /** How many rows of an outcome are listed at the top. */
    static final int LISTED = 10;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Template PAGE = Mustache.compiler()
            .escapeHTML(true)
            .strictSections(true)
            .nullValue("")
            .emptyStringIsFalse(true)
            .withFormatter(HtmlReport::format)
            .compile(source());

    private HtmlReport() {}

    /**
     * The content of the page.
     *
     * @param listed the first rows of each outcome that a person must act on, at most
     *     {@link #LISTED}
     * @param others the names of the input's other columns; they and their values may be any text
     * @param payable how many closed orders can still be paid with a saved QR code
     * @param rows the most urgent ones first; at most {@link #MAX_ROWS} are shown
     */
    record Content(
            Summary summary,
            Map<Outcome, List<ReportedRow>> listed,
            List<String> others,
            long payable,
            Iterator<ReportedRow> rows) {}

    private record Tally(
            Outcome outcome,
            boolean settled,
            String rows,
            String percent,
            String width,
            String meaning,
            List<Shown> listed,
            String more) {}

    /** @param code Ksher's codes; empty if there are none, or only 0 */
    private record Shown(ReportedRow row, String code, List<Other> others) {}

    private record Other(String name, String value) {}

    /** Writes the page; neither flushes nor closes. */
    static void write(Writer out, Content content) throws IOException {
        try {
            PAGE.execute(page(content), out);
        } catch (MustacheException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Map<String, Object> page(Content content) {
        Summary summary = content.summary();
        long paid = summary.outcomes().getOrDefault(Outcome.PAID, 0L);
        long person = summary.outcomes().entrySet().stream()
                .filter(e -> e.getKey().needsPerson())
                .mapToLong(Map.Entry::getValue)
                .sum();
        Iterator<Shown> rows = StreamSupport.stream(Spliterators.spliteratorUnknownSize(content.rows(), 0), false)
                .limit(MAX_ROWS)
                .map(row -> shown(row, content.others()))
                .iterator();
        return Map.ofEntries(
                Map.entry("summary", summary),
                Map.entry(
                        "started",
                        summary.startedAt().truncatedTo(ChronoUnit.SECONDS).toString()),
                Map.entry(
                        "finished",
                        summary.finishedAt().truncatedTo(ChronoUnit.SECONDS).toString()),
                Map.entry("took", text(Duration.between(summary.startedAt(), summary.finishedAt()))),
                Map.entry("total", text(summary.rows())),
                Map.entry("calls", text(summary.calls())),
                Map.entry("paid", text(paid, "order") + " paid"),
                Map.entry("anyPaid", paid > 0),
                Map.entry("person", text(person, "row") + (person == 1 ? " needs" : " need") + " a person"),
                Map.entry("anyPerson", person > 0),
                Map.entry("settled", text(summary.rows() - paid - person, "row") + " with nothing to do"),
                Map.entry("anyPayable", content.payable() > 0),
                Map.entry("payable", text(content.payable(), "closed order")),
                Map.entry(
                        "tallies",
                        summary.outcomes().entrySet().stream()
                                .map(e -> tally(e.getKey(), e.getValue(), content))
                                .toList()),
                Map.entry("truncated", summary.rows() > MAX_ROWS),
                Map.entry("limit", text(MAX_ROWS)),
                Map.entry("isEmpty", summary.rows() == 0),
                Map.entry("anyOthers", !content.others().isEmpty()),
                Map.entry("rows", rows));
    }

    private static Shown shown(ReportedRow row, List<String> names) {
        CallDetails details = row.result().details();
        Integer code = details.code();
        String error = Objects.requireNonNullElse(details.errorCode(), "");
        String codes = code == null || code == 0 ? error : (code + " " + error).strip();
        List<Other> others = names.stream()
                .map(name -> new Other(name, row.others().getOrDefault(name, "")))
                .filter(other -> !other.value().isEmpty())
                .toList();
        return new Shown(row, codes, others);
    }

    private static Tally tally(Outcome outcome, long n, Content content) {
        List<Shown> listed = content.listed().getOrDefault(outcome, List.of()).stream()
                .map(row -> shown(row, List.of()))
                .toList();
        boolean settled = outcome != Outcome.PAID && !outcome.needsPerson();
        long of = content.summary().rows();
        double percent = 100.0 * n / of;
        String rounded = String.format(Locale.ROOT, "%.1f%%", percent);
        // A few must not look like none, and nearly all must not look like all.
        String shown = percent < 0.1 ? "<0.1%" : n < of && rounded.equals("100.0%") ? ">99.9%" : rounded;
        String width = String.format(Locale.ROOT, "%.2f%%", Math.max(percent, 0.5));
        String more = n <= listed.size() ? "" : "and " + text(n - listed.size()) + " more";
        return new Tally(outcome, settled, text(n, "row"), shown, width, meaning(outcome), listed, more);
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

    private static String format(Object value) {
        return value instanceof Instant time ? TIME.format(time) : value.toString();
    }

    private static String source() {
        try (var in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.html"))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
