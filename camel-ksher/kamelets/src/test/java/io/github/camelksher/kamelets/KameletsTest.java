/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files as they are in the jar: complete, and saying what the component says. */
class KameletsTest {

    private static final Path FILES = Path.of("target/classes/kamelets");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([\\w-]+)}}");
    private static final Set<String> SECRETS = Set.of("privateKey", "privateKeyPassword");

    static Stream<String> kamelets() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files
                    .map(file -> file.getFileName().toString().replace(".kamelet.yaml", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static String text(String kamelet) throws IOException {
        return Files.readString(FILES.resolve(kamelet + ".kamelet.yaml"));
    }

    private static JsonNode read(String kamelet) throws IOException {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text(kamelet)));
    }

    private static JsonNode schema() throws IOException {
        try (InputStream json =
                KameletsTest.class.getResourceAsStream("/META-INF/io/github/camelksher/component/ksher.json")) {
            return JSON.readTree(json);
        }
    }

    private static JsonNode properties(String kamelet) throws IOException {
        return read(kamelet).at("/spec/definition/properties");
    }

    @Test
    void eachOperationOfTheComponentHasOne() throws IOException {
        Map<String, String> operations = new TreeMap<>();
        Pattern call = Pattern.compile("\\{\\{local-ksher}}:(\\w+)");
        for (String kamelet : kamelets().toList()) {
            List<String> calls = call.matcher(text(kamelet))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(calls).as(kamelet).hasSize(1);
            assertThat(operations.put(calls.get(0), kamelet)).as(calls.get(0)).isNull();
        }
        List<String> all = new ArrayList<>();
        schema().at("/properties/operation/enum").forEach(operation -> all.add(operation.asText()));
        assertThat(operations.keySet()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(operations)
                .containsEntry("orderQuery", "ksher-order-query-action")
                .containsEntry("orderClose", "ksher-order-close-action")
                .containsEntry("gatewayQuery", "ksher-gateway-query-action")
                .containsEntry("gatewayCancel", "ksher-gateway-cancel-action")
                .containsEntry("verifyNotification", "ksher-notification-source");
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void hasAllThatACatalogShows(String kamelet) throws IOException {
        JsonNode root = read(kamelet);
        assertThat(root.at("/apiVersion").asText()).isEqualTo("camel.apache.org/v1");
        assertThat(root.at("/kind").asText()).isEqualTo("Kamelet");
        assertThat(root.at("/metadata/name").asText()).isEqualTo(kamelet);
        String type = root.at("/metadata/labels")
                .path("camel.apache.org/kamelet.type")
                .asText();
        assertThat(type).isIn("action", "source");
        assertThat(kamelet).endsWith("-" + type);
        JsonNode annotations = root.at("/metadata/annotations");
        assertThat(annotations.path("camel.apache.org/kamelet.support.level").asText())
                .isEqualTo("Preview");
        assertThat(annotations.path("camel.apache.org/provider").asText()).isEqualTo("camel-ksher");
        assertThat(annotations.path("camel.apache.org/kamelet.group").asText()).isEqualTo("Ksher");
        assertThat(annotations.path("camel.apache.org/kamelet.namespace").asText())
                .isEqualTo("Payment");
        assertThat(annotations.path("camel.apache.org/catalog.version").asText())
                .isEqualTo(version());
        String icon = annotations.path("camel.apache.org/kamelet.icon").asText();
        assertThat(icon).startsWith("data:image/svg+xml;base64,");
        assertThat(new String(Base64.getDecoder().decode(icon.substring(icon.indexOf(',') + 1)), "UTF-8"))
                .startsWith("<svg ")
                .endsWith("</svg>");

        JsonNode definition = root.at("/spec/definition");
        assertThat(definition.at("/title").asText()).startsWith("Ksher ").endsWith(capital(type));
        assertThat(definition.at("/description").asText()).contains(". ").endsWith(".");
        assertThat(definition.at("/type").asText()).isEqualTo("object");
        assertThat(root.at("/spec/dataTypes/out/default").asText()).isEqualTo("json");
        assertThat(root.at("/spec/dataTypes/out/types/json/mediaType").asText()).isEqualTo("application/json");
        List<String> dependencies = texts(root.at("/spec/dependencies"));
        assertThat(dependencies)
                .contains("camel:kamelet", "camel:core", "camel:jackson", "camel:bean")
                .contains("mvn:io.github.camelksher:camel-ksher:" + version());
        assertThat(dependencies.contains("camel:platform-http")).isEqualTo(type.equals("source"));
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String version() throws IOException {
        return schema().at("/component/version").asText();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void itsPropertiesAreDescribedAndUsedAndNoOthers(String kamelet) throws IOException {
        JsonNode root = read(kamelet);
        JsonNode properties = properties(kamelet);
        List<String> required = texts(root.at("/spec/definition/required"));
        Set<String> names = new TreeSet<>();
        properties.properties().forEach(property -> {
            JsonNode is = property.getValue();
            names.add(property.getKey());
            assertThat(is.path("title").asText()).as(property.getKey()).isNotEmpty();
            assertThat(is.path("description").asText()).as(property.getKey()).endsWith(".");
            assertThat(is.path("type").asText()).as(property.getKey()).isEqualTo("string");
            assertThat(is.path("format").asText().equals("password"))
                    .as(property.getKey())
                    .isEqualTo(SECRETS.contains(property.getKey()));
            if (SECRETS.contains(property.getKey())) {
                assertThat(texts(is.path("x-descriptors"))).contains("urn:camel:group:credentials");
            }
        });
        assertThat(names).containsAll(required);
        Set<String> used = new TreeSet<>();
        Matcher placeholders = PLACEHOLDER.matcher(text(kamelet));
        while (placeholders.find()) {
            String name = placeholders.group(1);
            if (!name.equals("local-ksher")) {
                used.add(name);
                boolean optional = placeholders.group().startsWith("{{?");
                boolean given = required.contains(name) || properties.path(name).has("default");
                assertThat(optional).as(name).isNotEqualTo(given);
            }
        }
        assertThat(used).isEqualTo(names);
    }

    /** The others, {@code mchOrderNo} and {@code path}, are the Kamelets' own. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void itsDefaultsAreTheComponents(String kamelet) throws IOException {
        JsonNode options = schema().path("componentProperties");
        properties(kamelet).properties().forEach(property -> {
            JsonNode option = options.path(property.getKey());
            if (!option.isMissingNode()) {
                JsonNode is = property.getValue();
                assertThat(is.path("default").asText(null))
                        .as(property.getKey())
                        .isEqualTo(option.path("defaultValue").asText(null));
                assertThat(texts(is.path("enum"))).isEqualTo(texts(option.path("enum")));
                assertThat(SECRETS.contains(property.getKey()))
                        .isEqualTo(option.path("secret").asBoolean());
            } else {
                assertThat(property.getKey()).isIn("mchOrderNo", "path");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void theHeadersThatItTakesAndGivesAreTheComponentsAndTwoOfAQuerys(String kamelet) throws IOException {
        JsonNode headers = schema().path("headers");
        JsonNode types = read(kamelet).at("/spec/dataTypes");
        for (String slot : List.of("in", "out")) {
            types.at("/" + slot + "/headers").properties().forEach(header -> {
                boolean ofQuery = kamelet.endsWith("-query-action") && slot.equals("out");
                if (!ofQuery || !Set.of("CamelKsherOpen", "CamelKsherPaid").contains(header.getKey())) {
                    assertThat(headers.has(header.getKey())).as(header.getKey()).isTrue();
                }
                assertThat(header.getValue().path("title").asText()).isNotEmpty();
                assertThat(header.getValue().path("description").asText()).endsWith(".");
                assertThat(header.getValue().path("type").asText()).isIn("string", "boolean");
            });
        }
    }

    /** A parameter of an endpoint is readable in its URI, in JMX and in dumps of the routes. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void aSecretIsAPropertyOfTheComponentsBeanAndOfNothingElse(String kamelet) throws IOException {
        JsonNode template = read(kamelet).at("/spec/template");
        assertThat(template.at("/beans/0/type").asText())
                .isEqualTo("#class:io.github.camelksher.component.KsherComponent");
        assertThat(template.path("from").toString()).doesNotContain("privateKey");
    }
}
