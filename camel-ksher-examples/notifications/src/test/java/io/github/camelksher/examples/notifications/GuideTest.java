/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/notifications.md tells to copy is what the tests run. */
class GuideTest {

    private static final Path SPRING = Path.of("../spring-boot/src/test/java/io/github/camelksher/examples/paid");

    @Test
    void everyJavaBlockIsCodeThatIsTested() throws IOException {
        Path example = Path.of("src/main/java/io/github/camelksher/examples/notifications");
        String tested = squeeze(Files.readString(example.resolve("PaidRoutes.java"))
                + Files.readString(example.resolve("Orders.java"))
                + Files.readString(SPRING.resolve("PaidController.java"))
                + Files.readString(SPRING.resolve("PaidRoutes.java")));
        assertThat(blocks("java")).hasSize(4).allSatisfy(block -> assertThat(tested)
                .contains(squeeze(block)));
    }

    @Test
    void theYamlIsTheFileThatIsTested() throws IOException {
        String tested = Files.readString(Path.of("src/test/resources/paid.yaml"));
        assertThat(blocks("yaml")).containsExactly(tested.substring(tested.indexOf('\n') + 1));
    }

    @Test
    void thePropertiesAreThoseOfTheExample() throws IOException {
        List<String> tested = Files.readAllLines(Path.of("src/main/resources/application.properties"));
        assertThat(blocks("properties")).singleElement().satisfies(block -> assertThat(tested)
                .containsAll(block.lines().toList()));
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/notifications.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s", "");
    }
}
