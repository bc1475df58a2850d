/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The documentation says what the code says. A table that differs is printed as it
 * should be: copy it.
 */
class DocumentationTest {

    private static final String SCHEMA = "META-INF/io/github/camelksher/component/ksher.json";
    private static final Path ROOT = Path.of("../..");
    private static final List<Path> TESTED = List.of(
            Path.of("src/test/java/io/github/camelksher/component/ManyMerchantsTest.java"),
            Path.of("src/test/java/io/github/camelksher/recipes/CloseAndCancelTest.java"),
            Path.of("src/test/java/io/github/camelksher/recipes/ErrorHandlingRecipesTest.java"),
            Path.of("src/test/java/shop/CloseOrders.java"),
            Path.of("src/test/java/io/github/camelksher/dsl/RoutesTest.java"),
            Path.of("src/test/java/io/github/camelksher/insight/OutcomeNaming.java"));

    @Test
    void theComponentOptionsAreThoseOfTheSchema() throws IOException {
        check("component options", options("componentProperties", option -> true));
    }

    @Test
    void thePathParametersAreThoseOfTheSchema() throws IOException {
        check("endpoint path", options("properties", option -> kind(option).equals("path")));
    }

    @Test
    void theQueryParametersAreThoseOfTheSchema() throws IOException {
        check("endpoint query", options("properties", option -> kind(option).equals("parameter")));
    }

    @Test
    void theHeadersAreThoseOfTheSchema() throws IOException {
        check("message headers", headers());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"README.md", "docs/error-handling.md", "docs/getting-started.md", "docs/ksher-component.adoc"})
    void everyJavaBlockIsCodeThatIsTested(String file) throws IOException {
        StringBuilder tests = new StringBuilder();
        for (Path test : TESTED) {
            tests.append(Files.readString(test));
        }
        String tested = squeeze(tests.toString());
        List<String> blocks = Pattern.compile("(?:```java|\\[source,java]\n----)\n(.*?)(?:```|----\n)", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve(file)))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(tested).contains(squeeze(block)));
    }

    /**
     * The simulator answers an unknown path with JSON and status 404, which curl
     * takes for a success.
     */
    @Test
    void everyAddressOfTheSimulatorIsOneThatItHas() throws IOException {
        List<Path> pages;
        try (Stream<Path> files = Files.walk(ROOT)) {
            pages = files.filter(file -> file.toString().matches(".*[.](md|adoc|properties|cfg)")
                            && !file.toString().contains("/target/"))
                    .toList();
        }
        int addresses = 0;
        for (Path page : pages) {
            Matcher address =
                    Pattern.compile("http://127\\.0\\.0\\.1:8089(/\\w*)?").matcher(Files.readString(page));
            while (address.find()) {
                addresses++;
                assertThat(address.group(1)).as(page.toString()).isIn(null, "/KsherPay", "/api", "/simulator");
            }
        }
        assertThat(addresses).isGreaterThan(10);
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s", "");
    }

    private static void check(String table, String expected) throws IOException {
        String page = Files.readString(ROOT.resolve("docs/ksher-component.adoc"));
        String start = "// " + table + ": START\n";
        String end = "// " + table + ": END\n";
        assertThat(page).contains(start, end);
        assertThat(page.substring(page.indexOf(start) + start.length(), page.indexOf(end)))
                .as("the table '%s' of ksher-component.adoc", table)
                .isEqualTo(expected);
    }

    private static String options(String section, Predicate<JsonNode> wanted) throws IOException {
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, JsonNode> option : schema().get(section).properties()) {
            JsonNode is = option.getValue();
            if (wanted.test(is)) {
                rows.add("| *" + option.getKey() + "* (" + is.get("group").asText() + ") | "
                        + (is.get("required").asBoolean() ? "*Required* " : "") + description(is) + " | "
                        + is.path("defaultValue").asText() + " | " + type(is));
            }
        }
        return table("2,5,^1,2", "| Name | Description | Default | Type", rows);
    }

    private static String headers() throws IOException {
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, JsonNode> header : schema().get("headers").properties()) {
            JsonNode is = header.getValue();
            rows.add("| *" + header.getKey() + "* (" + is.get("group").asText() + ") | "
                    + is.get("constantName").asText().replaceAll(".*#", "`KsherConstants.") + "` | " + description(is)
                    + " | " + type(is));
        }
        return table("3,3,5,1", "| Name | Constant | Description | Type", rows);
    }

    private static String table(String columns, String head, List<String> rows) {
        return "[width=\"100%\",cols=\"" + columns + "\",options=\"header\"]\n|===\n" + head + "\n"
                + String.join("\n", rows) + "\n|===\n";
    }

    private static String description(JsonNode is) {
        List<String> values = new ArrayList<>();
        is.path("enum").forEach(value -> values.add(value.asText()));
        String text = is.get("description").asText().replace("|", "\\|");
        return (is.get("secret").asBoolean() ? text + " Secret." : text)
                + (values.isEmpty() ? "" : " Enum values: " + String.join(", ", values) + ".");
    }

    private static String type(JsonNode is) {
        return is.get("javaType").asText().replaceAll(".*\\.", "");
    }

    private static String kind(JsonNode is) {
        return is.get("kind").asText();
    }

    private static JsonNode schema() throws IOException {
        try (InputStream json = DocumentationTest.class.getClassLoader().getResourceAsStream(SCHEMA)) {
            return new ObjectMapper().readTree(json);
        }
    }
}
