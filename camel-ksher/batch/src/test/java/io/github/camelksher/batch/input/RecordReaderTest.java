/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.input.RecordReader.Part;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {

    private static List<Part> parts(String text) throws IOException {
        return parts(new StringReader(text));
    }

    private static List<Part> parts(Reader in) throws IOException {
        RecordReader reader = new RecordReader(in, ",");
        List<Part> parts = new ArrayList<>();
        for (Part part = reader.next(); part != null; part = reader.next()) {
            parts.add(part);
        }
        assertThat(reader.next()).as("stays at the end").isNull();
        return parts;
    }

    private static Part whole(long line, String text) {
        return new Part(line, 1, text, true, true);
    }

    @Test
    void nothingHasNoRecord() throws IOException {
        assertThat(parts("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void aRecordEndsWithALineHoweverThatEnds(String end) throws IOException {
        assertThat(parts("a,b" + end + end + "c" + end)).containsExactly(whole(1, "a,b"), whole(2, ""), whole(3, "c"));
    }

    @Test
    void theLastRecordNeedsNoLineEnd() throws IOException {
        assertThat(parts("a\nb")).containsExactly(whole(1, "a"), new Part(2, 1, "b", true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void aQuotedLineBreakBelongsToTheRecordAndIsCounted(String end) throws IOException {
        String record = "a,\"b" + end + "c" + end + "\",d";
        assertThat(parts(record + end + "e" + end)).containsExactly(new Part(1, 3, record, true, true), whole(4, "e"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\"\"b\",c", "\"\",\"\"", "\"\"\"\"", "a,\"x,\"\",y\"", "\"a\"x", "\"a\" \"b\""})
    void quotesThatAreClosedLeaveTheNextLineAlone(String record) throws IOException {
        assertThat(parts(record + "\nnext\n")).containsExactly(whole(1, record), whole(2, "next"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\"\"b,c", "a \"b\"\"", "ab\"\"", "x,y\"\"\"\"z"})
    void aQuoteInTheMiddleOfACellIsNoBeginning(String record) throws IOException {
        assertThat(parts(record + "\nnext\n")).containsExactly(whole(1, record), whole(2, "next"));
    }

    @Test
    void aQuoteThatIsNeverClosedTakesAllThatFollowsAndSaysSo() throws IOException {
        assertThat(parts("a\n\"b\nc\nd\n")).containsExactly(whole(1, "a"), new Part(2, 3, "\"b\nc\nd\n", false, false));
        assertThat(parts("a\n\"b\nc\nd")).containsExactly(whole(1, "a"), new Part(2, 3, "\"b\nc\nd", false, false));
        assertThat(parts("\"")).containsExactly(new Part(1, 1, "\"", false, false));
    }

    @Test
    void aRecordThatIsTooLongIsCountedAndNotKept() throws IOException {
        String longest = "x".repeat(RecordReader.MAX_CHARACTERS);
        assertThat(parts(longest + "\n" + longest + "y\nz\n"))
                .containsExactly(whole(1, longest), new Part(2, 1, null, true, true), whole(3, "z"));
        assertThat(parts("\"" + "a\n".repeat(RecordReader.MAX_CHARACTERS) + "\"\nz\n"))
                .containsExactly(
                        new Part(1, RecordReader.MAX_CHARACTERS + 1, null, true, true),
                        whole(RecordReader.MAX_CHARACTERS + 2, "z"));
    }

    @Test
    void aLineEndThatTheBufferCutsIsStillOne() throws IOException {
        for (int length = 8_189; length <= 8_194; length++) {
            String text = "x".repeat(length);
            assertThat(parts(text + "\r\n\"" + text + "\r\n\"\"\"\r\nb\r\n"))
                    .extracting(Part::line, Part::lines)
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple(1L, 1L),
                            org.assertj.core.api.Assertions.tuple(2L, 2L),
                            org.assertj.core.api.Assertions.tuple(4L, 1L));
        }
    }

    @Test
    void aReaderThatGivesOneCharacterAtATimeGivesTheSame() throws IOException {
        String text = "a,\"b\r\n\"\"c\"\r\n\rd\"\"e\n\"f";
        Reader slow = new StringReader(text) {
            @Override
            public int read(char[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(length, 1));
            }
        };
        assertThat(parts(slow)).isEqualTo(parts(text)).hasSize(4);
    }

    @Test
    void onlyWhiteSpaceIsBlank() throws IOException {
        assertThat(parts("\n  \t\n,\n\u0000\n")).extracting(Part::isBlank).containsExactly(true, true, false, false);
    }
}
