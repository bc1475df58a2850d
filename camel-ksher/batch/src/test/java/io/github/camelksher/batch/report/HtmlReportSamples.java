/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import io.github.camelksher.batch.ReportedRowBuilder;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.Outcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Rows of each outcome, and the content of a page of them. */
final class HtmlReportSamples {

    static final Instant STARTED = Instant.parse("2026-11-24T01:30:00.123456Z");

    private HtmlReportSamples() {}

    /** Rows of all outcomes in display order, as a night leaves them. */
    static List<ReportedRow> samples(int n) {
        return LongStream.rangeClosed(2, n + 1)
                .mapToObj(line -> row(line, line < 90 || line % 10 == 0 ? anOutcome(line) : Outcome.CLOSED))
                .sorted(Comparator.comparingInt((ReportedRow row) -> displayRank(row.outcome()))
                        .thenComparingLong(ReportedRow::line))
                .toList();
    }

    static Summary summary(List<ReportedRow> rows) {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        rows.forEach(row -> outcomes.merge(row.outcome(), 1L, Long::sum));
        long calls = rows.stream().mapToLong(ReportedRow::calls).sum();
        String target = "mch10001 at api.mch.ksher.net and gateway.ksher.com";
        Instant finished = STARTED.plusSeconds(754);
        return new Summary("night-1a2b3c4d", target, rows.size(), outcomes, calls, STARTED, finished);
    }

    private static Outcome anOutcome(long line) {
        Outcome[] all = Outcome.values();
        return line % 3 == 0 ? Outcome.CLOSED : all[(int) (line * 7 % all.length)];
    }

    private static int displayRank(Outcome outcome) {
        return outcome == Outcome.PAID ? 0 : outcome.needsPerson() ? 1 : 2;
    }

    static ReportedRow row(long line, Outcome outcome) {
        boolean cancel = line % 4 == 1;
        String detail =
                switch (outcome) {
                    case PAID -> "paid " + line * 10 + ".00 THB at 2026-11-23T18:0" + line % 10 + ":11+07:00";
                    case CLOSED -> cancel ? "a saved QR code can still be paid" : "";
                    case ALREADY_CLOSED, REFUNDED -> "";
                    case DUPLICATE -> "of line " + (line - 1);
                    case NOT_FOUND -> "Ksher does not know this order";
                    case REFUSED -> "the order is open; the command was refused: card in its one-time-password step";
                    case NOT_CLOSED -> "open 15 min after the first call";
                    case UNKNOWN -> "no command went out; 900 s without an answer";
                    case UNTRUSTED -> "the signature does not verify; a command went out at 2026-11-24T01:31:12Z";
                    case INVALID -> "mch_order_no: 37 characters, at most 32";
                };
        boolean called = outcome != Outcome.INVALID && outcome != Outcome.DUPLICATE;
        Integer code = outcome == Outcome.REFUSED ? Integer.valueOf(-4) : outcome == Outcome.NOT_FOUND ? -3 : null;
        String errorCode = outcome == Outcome.NOT_FOUND
                ? "KSHER_INVALID_ORDER_NO"
                : outcome == Outcome.UNKNOWN ? "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS" : "";
        return ReportedRowBuilder.row(line, outcome)
                .operation(cancel ? "cancel" : "close")
                .mchOrderNo(line % 10 == 0 ? "" : "M" + (20_261_100 + line))
                .ksherOrderNo(line % 5 == 0 ? "9002026112401300" + (10_000 + line) : "")
                .channelOrderNo(line % 13 == 0 ? "4200001990202611240" + (1_000_000 + line) : "")
                .detail(detail)
                .code(code)
                .errorCode(errorCode)
                .calls(called ? 2 + (int) (line % 3) : 0)
                .finishedAt(called ? STARTED.plusMillis(line * 731) : null)
                .build();
    }

    /** As {@link ReportFiles} hands them over. */
    static HtmlReport.Content content(Summary summary, List<ReportedRow> rows) {
        Map<Outcome, List<ReportedRow>> listed = new EnumMap<>(Outcome.class);
        for (Outcome outcome : summary.outcomes().keySet()) {
            if (outcome == Outcome.PAID || outcome.needsPerson()) {
                listed.put(
                        outcome,
                        rows.stream()
                                .filter(row -> row.outcome() == outcome)
                                .limit(HtmlReport.LISTED)
                                .toList());
            }
        }
        List<String> others = rows.stream()
                .flatMap(row -> row.others().keySet().stream())
                .distinct()
                .toList();
        long payable = rows.stream()
                .filter(row -> row.cell("operation").equals("cancel") && row.outcome() == Outcome.CLOSED)
                .count();
        return new HtmlReport.Content(summary, listed, others, payable, rows.iterator());
    }
}
