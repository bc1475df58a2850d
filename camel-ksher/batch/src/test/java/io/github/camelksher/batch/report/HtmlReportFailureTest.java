/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static io.github.camelksher.batch.report.HtmlReportSamples.content;
import static io.github.camelksher.batch.report.HtmlReportSamples.samples;
import static io.github.camelksher.batch.report.HtmlReportSamples.summary;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.camelksher.batch.journal.ReportedRow;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A page that cannot be written to its end. */
class HtmlReportFailureTest {

    @Test
    void letsTheFailureOfTheWriterThrough() {
        IOException full = new IOException("disk full");
        Writer broken = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw full;
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        assertThatIOException()
                .isThrownBy(() -> HtmlReport.write(broken, content(summary(samples(3)), samples(3))))
                .isSameAs(full);
    }

    @Test
    void letsTheFailureOfTheRowsThrough() {
        Iterator<ReportedRow> failing = Stream.concat(samples(50).stream(), Stream.generate(() -> {
                    throw new IllegalStateException("no journal");
                }))
                .iterator();

        assertThatIllegalStateException()
                .isThrownBy(() -> HtmlReport.write(new StringWriter(), rowsOf(failing)))
                .withMessage("no journal");
    }

    private static HtmlReport.Content rowsOf(Iterator<ReportedRow> rows) {
        return new HtmlReport.Content(summary(samples(60)), Map.of(), List.of(), 0, rows);
    }
}
