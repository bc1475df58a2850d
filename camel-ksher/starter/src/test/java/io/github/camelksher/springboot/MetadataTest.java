/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.component.KsherComponent;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/** Properties and metadata are those of the component's schema. */
class MetadataTest {

    private static final String PREFIX = "camel.component.ksher";
    private static final String FILE = "META-INF/spring-configuration-metadata.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theMetadataDescribeEveryOptionOfTheSchema() throws IOException {
        Map<String, List<String>> expected = new TreeMap<>();
        for (Map.Entry<String, JsonNode> option : schema().properties()) {
            JsonNode is = option.getValue();
            expected.put(
                    PREFIX + "." + dashed(option.getKey()),
                    List.of(
                            type(is),
                            is.get("description").asText(),
                            is.path("defaultValue").asText()));
        }
        Map<String, List<String>> actual = new TreeMap<>();
        for (JsonNode property : JSON.readTree(metadata()).get("properties")) {
            actual.put(
                    property.get("name").asText(),
                    List.of(
                            property.get("type").asText(),
                            property.get("description").asText(),
                            property.path("defaultValue").asText()));
        }
        assertThat(actual.remove(PREFIX + ".enabled")).contains("true");
        assertThat(actual.remove(PREFIX + ".customizer.enabled")).contains("true");
        assertThat(actual).isEqualTo(expected);
        String source = KsherComponentConfiguration.class.getName();
        assertThat(JSON.readTree(metadata()).findValuesAsText("sourceType")).containsOnly(source);
        assertThat(JSON.readTree(metadata()).get("groups").findValuesAsText("name"))
                .containsExactly(PREFIX);
    }

    @Test
    void everyOptionIsAPropertyOfItsType() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (Map.Entry<String, JsonNode> option : schema().properties()) {
            expected.put(option.getKey(), type(option.getValue()));
        }
        expected.put("enabled", "boolean");
        Map<String, String> actual = new TreeMap<>();
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(KsherComponentConfiguration.class)) {
            if (property.getWriteMethod() != null) {
                actual.put(property.getName(), property.getPropertyType().getName());
            }
        }
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void theSecretsAreThoseOfTheSchema() throws IOException {
        assertThat(schema().properties().stream()
                        .filter(option -> option.getValue().path("secret").asBoolean())
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(KsherComponentConfiguration.SECRETS);
    }

    /** As they are written in a file of properties. */
    static List<String> options() throws IOException {
        return schema().properties().stream()
                .map(option -> dashed(option.getKey()))
                .toList();
    }

    private static String metadata() throws IOException {
        for (URL url : Collections.list(MetadataTest.class.getClassLoader().getResources(FILE))) {
            try (InputStream in = url.openStream()) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (text.contains('"' + PREFIX + '"')) {
                    return text;
                }
            }
        }
        return "";
    }

    private static String type(JsonNode option) {
        String type = option.get("javaType").asText();
        try {
            return ClassUtils.resolvePrimitiveIfNecessary(ClassUtils.forName(type, null))
                    .getName();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }

    private static JsonNode schema() throws IOException {
        try (InputStream json =
                KsherComponent.class.getResourceAsStream("/META-INF/io/github/camelksher/component/ksher.json")) {
            return JSON.readTree(json).get("componentProperties");
        }
    }
}
