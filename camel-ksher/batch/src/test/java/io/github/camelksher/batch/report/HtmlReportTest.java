/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static io.github.camelksher.batch.report.HtmlReportSamples.STARTED;
import static io.github.camelksher.batch.report.HtmlReportSamples.content;
import static io.github.camelksher.batch.report.HtmlReportSamples.row;
import static io.github.camelksher.batch.report.HtmlReportSamples.samples;
import static io.github.camelksher.batch.report.HtmlReportSamples.summary;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.ReportedRowBuilder;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlReportTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "</td></table><img src=x onerror=alert(1)>",
                "\" onmouseover=\"alert(1)",
                "' autofocus onfocus='alert(1)",
                "<!-- ]]> &amp; &lt;"
            })
    void escapesWhatLooksLikeMarkup(String hostile) throws IOException {
        String page = page(hostileRow(hostile));

        assertThat(page).doesNotContain(hostile).contains(escaped(hostile));
        assertThat(cells(page)).isEqualTo(cells(page(hostileRow("harmless"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{line}}", "{{{detail}}}", "{{#rows}}", "{{/rows}}", "{{> report}}", "{{=<% %>}}", "}}"})
    void doesNotReadCellsAsTemplate(String braces) throws IOException {
        assertThat(page(hostileRow(braces)))
                .contains("<span>" + escaped(braces) + "</span>", ":</span> " + escaped(braces) + "</span>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u2028b", "a\u2029b", "a\u202eb", "a\u0000b", "a\nb\tc", "ไทย 😀", "$1 \\0"})
    void keepsUnusualCharactersAndPutsNoneIntoTheScript(String text) throws IOException {
        String page = page(hostileRow(text));

        assertThat(page).contains("<td class=\"op\">" + text + "</td>", "<span>" + text + "</span>");
        assertThat(element(page, "script")).isEqualTo(element(page(hostileRow("harmless")), "script"));
    }

    @Test
    void escapesTheNamesOfBatchAndTarget() throws IOException {
        Summary named = new Summary("<b>&", "<i>\"", 0, Map.of(), 0, STARTED, STARTED);

        assertThat(page(named, List.of()))
                .contains("<title>&lt;b&gt;&amp; – batch close</title>", "<bdi>&lt;i&gt;&quot;</bdi>")
                .doesNotContain("<b>&", "<i>");
    }

    @Test
    void allowsItsOwnStyleAndScriptAndNothingElse() throws Exception {
        String page = page(samples(60));

        assertThat(matches(page, "Content-Security-Policy\" content=\"(.*?)\""))
                .as("copy it into report.html when the style or the script was changed")
                .containsExactly("default-src 'none'; style-src '" + hash(element(page, "style")) + "'; script-src '"
                        + hash(element(page, "script")) + "'; base-uri 'none'; form-action 'none'");
        assertThat(page)
                .doesNotContain("http://", "https://", "url(", "@import", " src=", " style=", " onclick=")
                .doesNotContain("{{", "}}");
        assertThat(Pattern.compile("href=\"(?!#)").matcher(page).find()).isFalse();
    }

    @Test
    void hasEachRowWithAllThatIsKnown() throws IOException {
        ReportedRow full = ReportedRowBuilder.row(7, Outcome.REFUSED)
                .operation("cancel")
                .mchOrderNo("M1")
                .ksherOrderNo("K1")
                .channelOrderNo("C1")
                .channel("wechat")
                .detail("open")
                .code(-4)
                .errorCode("KSHER_X")
                .calls(12)
                .finishedAt(STARTED)
                .others(Map.of("remark", "MARKER"))
                .build();
        ReportedRow bare = ReportedRowBuilder.row(1234567, Outcome.INVALID).build();

        List<String> rows = rows(page(full, bare));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).replaceAll("\\s*\n\\s*", ""))
                .isEqualTo(
                        """
                <tr class="tone REFUSED person" data-outcome="REFUSED">
                <td class="line">7</td><td class="op">cancel</td>
                <td class="order"><span class="no">M1</span> <span class="no ksher">K1</span> <span class="no channel">C1</span></td>
                <td class="outcome"><span class="badge">REFUSED</span></td>
                <td class="detail"><span>open</span> <span class="code">-4 KSHER_X</span></td>
                <td class="others"><span class="other"><span class="soft">remark:</span> MARKER</span> </td>
                <td class="calls">12</td><td class="at">2026-11-24 01:30:00 UTC</td></tr>"""
                                .replace("\n", ""));
        assertThat(rows.get(1).replaceAll("\\s*\n\\s*", ""))
                .isEqualTo(
                        """
                <tr class="tone INVALID person" data-outcome="INVALID">
                <td class="line">1234567</td><td class="op"></td><td class="order"></td>
                <td class="outcome"><span class="badge">INVALID</span></td><td class="detail"></td>
                <td class="others"></td><td class="calls">0</td><td class="at"></td></tr>"""
                                .replace("\n", ""));
    }

    @Test
    void hasNoColumnForTheInputsOtherColumnsIfThereAreNone() throws IOException {
        assertThat(page(row(2, Outcome.CLOSED))).doesNotContain("From the input</th>", "<td class=\"others\">");
    }

    @Test
    void aCodeThatOnlySaysThatTheCallWasCarriedOutIsNotShown() throws IOException {
        ReportedRow closed = ReportedRowBuilder.row(7, Outcome.CLOSED)
                .operation("cancel")
                .mchOrderNo("M1")
                .code(0)
                .calls(3)
                .finishedAt(STARTED)
                .build();

        assertThat(page(closed)).doesNotContain("class=\"code\"");
    }

    @Test
    void everyTimeIsInOneFormatWithItsZone() throws IOException {
        String page = page(samples(60));

        assertThat(matches(page, ">(2026-11-24[^<]*)<"))
                .hasSizeGreaterThan(40)
                .allMatch(time -> time.matches("2026-11-24 \\d\\d:\\d\\d:\\d\\d UTC"));
    }

    @Test
    void latePaymentsHaveACardWithTheirNumberAndTheBatchToCheck() throws IOException {
        Summary summary = summary(samples(3));
        String page = page(new HtmlReport.Content(
                summary, Map.of(), List.of(), 1_234, samples(3).iterator()));

        assertThat(page)
                .contains("<h2 id=\"late\">Late payments</h2>", "<p>1,234 closed orders can still be paid")
                .contains("Check the batch <b>night-1a2b3c4d</b>", "night-1a2b3c4d.late.csv");
        assertThat(page(new HtmlReport.Content(
                        summary, Map.of(), List.of(), 0, samples(3).iterator())))
                .doesNotContain("Late payments", ".late.csv");
    }

    @Test
    void showsTheFirstRowsOfMoreAndSaysWhereTheRestIs() throws IOException {
        Iterator<ReportedRow> onlySoMany = Stream.concat(samples(HtmlReport.MAX_ROWS).stream(), Stream.generate(() -> {
                    throw new IllegalStateException("asked for more");
                }))
                .iterator();
        Summary large =
                new Summary("night-1a2b3c4d", "t", 1_000_000, Map.of(Outcome.CLOSED, 1_000_000L), 3, STARTED, STARTED);

        String page = page(new HtmlReport.Content(large, Map.of(), List.of(), 0, onlySoMany));

        assertThat(rows(page)).hasSize(5_000);
        assertThat(page)
                .contains("Shows the first 5,000 of 1,000,000 rows; "
                        + "<code>night-1a2b3c4d.report.csv</code> has all.");
    }

    @Test
    void saysNothingOfTheRestWhenAllRowsAreShown() throws IOException {
        assertThat(page(samples(HtmlReport.MAX_ROWS))).doesNotContain("Shows the first");
    }

    @Test
    void saysThatAnEmptyBatchHasNoRows() throws IOException {
        String page = page(List.of());

        assertThat(rows(page)).isEmpty();
        assertThat(page)
                .contains("The batch has no rows.", "Nothing: no order was paid, and no row needs a person.")
                .contains("0 orders paid", "0 rows need a person", "0 rows with nothing to do")
                .doesNotContain("NaN", "attention.csv");
    }

    @Test
    void speaksOfOneAndOfMany() throws IOException {
        assertThat(page(row(1, Outcome.PAID), row(2, Outcome.REFUSED), row(3, Outcome.CLOSED)))
                .contains(">1 order paid<", ">1 row needs a person<", ">1 row with nothing to do<");
        assertThat(page(Collections.nCopies(2, row(1, Outcome.PAID)))).contains(">2 orders paid<", "</span> 2 rows");
    }

    @Test
    void countsEachOutcomeInOrderOfTheSummary() throws IOException {
        String chart = element(page(samples(60)), "main").replaceAll("(?s)^.*?<caption>|</table>.*", "");

        assertThat(matches(chart, "badge\">(\\w+)<")).hasSize(11).startsWith("PAID", "CLOSED");
        assertThat(matches(chart, "<td>(\\d+) rows?</td>").stream()
                        .mapToInt(Integer::parseInt)
                        .sum())
                .isEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 33.3%", "1, 1, 100.0%", "1, 100000, <0.1%", "99999, 100000, >99.9%", "1, 1000, 0.1%"})
    void neverRoundsToNothingOrToAll(long n, long of, String percent) throws IOException {
        Map<Outcome, Long> outcomes = new EnumMap<>(Map.of(Outcome.CLOSED, n));
        outcomes.computeIfAbsent(Outcome.UNKNOWN, none -> n < of ? of - n : null);

        String page = page(new Summary("b", "t", of, outcomes, 1, STARTED, STARTED), List.of());

        assertThat(matches(page, "<td>([^ ]+%)</td>").get(0)).isEqualTo(escaped(percent));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatEachOutcomeMeansOnce(Outcome outcome) throws IOException {
        String page = page(row(1, outcome));
        boolean act = outcome == Outcome.PAID || outcome.needsPerson();

        assertThat(matches(page, "data-show=\"(\\w+)\"")).isEqualTo(act ? List.of(outcome.name()) : List.of());
        assertThat(matches(page, "<b>(\\w+)</b>: ")).isEqualTo(act ? List.of() : List.of(outcome.name()));
        assertThat(page.contains("<code>night-1a2b3c4d.attention.csv</code>")).isEqualTo(outcome.needsPerson());
    }

    @Test
    void putsTheFirstPaidOrdersOnTopWithTheirAmounts() throws IOException {
        List<ReportedRow> rows = LongStream.rangeClosed(1, 12)
                .mapToObj(line -> row(line, Outcome.PAID))
                .toList();

        String top = page(rows).replaceAll("(?s)<table.*", "");

        assertThat(matches(top, "(<li>)<span")).hasSize(10);
        assertThat(top).contains("<bdi>paid 10.00 THB at ", "<li>and 2 more</li>");
    }

    @ParameterizedTest
    @EnumSource
    void listsTheFirstRowsOfWhatNeedsAPersonWithLineNumberDetailAndCode(Outcome outcome) throws IOException {
        List<ReportedRow> rows = LongStream.rangeClosed(2, 14)
                .mapToObj(line -> ReportedRowBuilder.row(line, outcome)
                        .operation("cancel")
                        .mchOrderNo("M" + line)
                        .detail("why")
                        .code(-4)
                        .errorCode("E")
                        .calls(3)
                        .finishedAt(STARTED)
                        .build())
                .toList();

        String top = page(rows).replaceAll("(?s)<table.*", "");

        if (outcome.needsPerson()) {
            assertThat(matches(top, "(<li>)<span")).hasSize(10);
            assertThat(top)
                    .contains("<li><span class=\"soft\">line 2</span> <bdi class=\"no\">M2</bdi> <bdi>why</bdi>"
                            + " <bdi class=\"code\">-4 E</bdi></li>")
                    .contains("<li>and 3 more</li>");
        } else if (outcome != Outcome.PAID) {
            assertThat(top).doesNotContain("<li><span");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min 0 s", "3599, 59 min 59 s", "93780, 26 h 3 min"})
    void saysHowLongItTook(long seconds, String text) throws IOException {
        Summary summary = new Summary("b", "t", 0, Map.of(), 0, STARTED, STARTED.plusSeconds(seconds));

        assertThat(page(summary, List.of())).contains("<dd>" + text + "</dd>");
    }

    @Test
    void writesTheSameInAnyLocale() throws IOException {
        Locale before = Locale.getDefault();
        String expected = page(samples(3_000));
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(page(samples(3_000))).isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static ReportedRow hostileRow(String text) {
        return ReportedRowBuilder.row(2, Outcome.PAID)
                .allCells(text)
                .detail(text)
                .errorCode(text)
                .calls(1)
                .others(Map.of(text, text))
                .build();
    }

    private static String page(ReportedRow... rows) throws IOException {
        return page(List.of(rows));
    }

    private static String page(List<ReportedRow> rows) throws IOException {
        return page(summary(rows), rows);
    }

    private static String page(Summary summary, List<ReportedRow> rows) throws IOException {
        return page(content(summary, rows));
    }

    private static String page(HtmlReport.Content content) throws IOException {
        StringWriter out = new StringWriter();
        HtmlReport.write(out, content);
        return out.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replace("=", "&#x3D;")
                .replace("`", "&#x60;");
    }

    private static List<String> rows(String page) {
        return matches(page, "(?s)(<tr class=\"[^\"]*\" data-outcome.*?</tr>)");
    }

    private static int cells(String page) {
        return matches(page, "(<[a-z!])").size();
    }

    private static String element(String page, String name) {
        return matches(page, "(?s)<" + name + ">(.*?)</" + name + ">").get(0);
    }

    private static List<String> matches(String text, String pattern) {
        return new ArrayList<>(Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList());
    }

    private static String hash(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }
}
