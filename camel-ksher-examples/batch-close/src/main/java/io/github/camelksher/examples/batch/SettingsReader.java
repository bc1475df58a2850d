/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static io.github.camelksher.examples.batch.Settings.strip;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads settings from a file and from the environment, which overrides the file. */
final class SettingsReader {

    private static final String KSHER = "camel.component.ksher.";
    private static final String KSHER_VARIABLE = "CAMEL_COMPONENT_KSHER_";

    private SettingsReader() {}

    /**
     * @param environment has {@code BATCH_QUERY_INTERVAL}
     * for {@code batch.query-interval}, and so on
     */
    static Settings read(@Nullable Path config, Map<String, String> environment) throws UsageException {
        Map<String, String> values = config == null ? new HashMap<>() : read(config);
        for (String name : Settings.NAMES) {
            String value = strip(environment.getOrDefault(variable(name), ""));
            if (!value.isEmpty()) {
                values.put(name, value);
            }
        }
        environment.forEach((variable, value) -> {
            if (variable.startsWith(KSHER_VARIABLE) && !strip(value).isEmpty()) {
                values.keySet().removeIf(name -> variable(name).equals(variable));
                String option = variable.substring(KSHER_VARIABLE.length());
                values.put(KSHER + option.toLowerCase(Locale.ROOT).replace('_', '-'), strip(value));
            }
        });
        return new Settings(values);
    }

    private static Map<String, String> read(Path config) throws UsageException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text(Files.readAllBytes(config))));
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException("Cannot read the settings in " + config + ": " + reason(config, e));
        }
        Map<String, String> values = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (!name.startsWith("camel.") && !Settings.NAMES.contains(name)) {
                throw new UsageException(config + " has an unknown setting: " + name
                        + ". There are camel.component.ksher.* and " + String.join(", ", Settings.NAMES) + ".");
            }
            values.put(name, strip(properties.getProperty(name)));
        }
        requireNamesOnce(config, values.keySet());
        return values;
    }

    private static String reason(Path config, Exception e) {
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8. Save it as UTF-8.";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no such file.";
        }
        if (e instanceof AccessDeniedException) {
            return "this user may not read it.";
        }
        return Files.isDirectory(config)
                ? "--config needs a file, and this is a directory."
                : "it is no file of properties (" + e.getClass().getSimpleName() + ").";
    }

    private static void requireNamesOnce(Path config, Set<String> names) throws UsageException {
        Map<String, String> variables = new HashMap<>();
        for (String name : new TreeSet<>(names)) {
            String other = variables.put(variable(name), name);
            if (other != null) {
                throw new UsageException(config + " has one setting by two names: " + other + " and " + name + ".");
            }
        }
    }

    /**
     * UTF-8, or what a byte order mark says: Notepad writes
     * one, and PowerShell's {@code >} writes UTF-16 with one.
     */
    private static String text(byte[] bytes) throws CharacterCodingException {
        boolean little = bytes.length > 1 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
        boolean big = bytes.length > 1 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF;
        Charset charset = little ? StandardCharsets.UTF_16LE : big ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
        String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The environment variable of a setting, however its name is written: app-id or appId. */
    private static String variable(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toUpperCase(Locale.ROOT)
                .replaceAll("[.-]", "_");
    }
}
