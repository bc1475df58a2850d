/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A field whose name is not known can hide another one's value: a replayed reply would pass. */
class KnownFieldsTest {

    private static final Pattern READ = Pattern.compile("\\(\"([a-z]+(?:_[a-z]+)*)\"\\)");

    @Test
    void everyFieldThatAReplyReadsIsKnown() throws IOException {
        var read = new TreeSet<String>();
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/github/camelksher/reply"))) {
            for (Path source : sources.toList()) {
                Matcher names = READ.matcher(Files.readString(source));
                while (names.find()) {
                    read.add(names.group(1));
                }
            }
        }
        // Not a field of Ksher's: it is added to the reply's JSON.
        read.remove("signed");
        assertThat(read).contains("mch_order_no", "time_end").isSubsetOf(ReplyCheck.KNOWN_FIELDS);
    }

    @Test
    void everyFieldOfTheSamplesIsKnown() throws IOException {
        var sent = new TreeSet<String>();
        try (Stream<Path> samples = Files.list(Path.of("src/test/resources/ksher"))) {
            for (Path sample :
                    samples.filter(path -> path.toString().endsWith(".json")).toList()) {
                new ObjectMapper()
                        .readTree(sample.toFile())
                        .path("data")
                        .fieldNames()
                        .forEachRemaining(sent::add);
            }
        }
        assertThat(sent).contains("merchant_remark").isSubsetOf(ReplyCheck.KNOWN_FIELDS);
    }
}
