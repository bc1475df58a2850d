/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.client.SignVersion;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The properties of a run. Holds secrets, so no {@code toString} that shows them. */
final class Settings {

    private static final String KSHER = "camel.component.ksher.";
    private static final Set<String> NAMES = Set.of(
            KSHER + "app-id",
            KSHER + "private-key",
            KSHER + "private-key-password",
            KSHER + "sign-version",
            KSHER + "ksher-public-key",
            KSHER + "api-url",
            KSHER + "gateway-url",
            "batch.query-interval",
            "batch.give-up-after");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|min|h)?");

    private final Map<String, String> values;

    Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** The file's, overridden by the environment's: CAMEL_COMPONENT_KSHER_APP_ID and so on. */
    static Settings load(@Nullable Path config, Map<String, String> environment) throws UnusableFile {
        Map<String, String> values = new HashMap<>();
        if (config != null) {
            Properties properties = new Properties();
            try (Reader in = Files.newBufferedReader(config, StandardCharsets.UTF_8)) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new UnusableFile("cannot read the settings in " + config + ": "
                        + e.getClass().getSimpleName());
            }
            for (String name : properties.stringPropertyNames()) {
                if (!NAMES.contains(name)) {
                    throw new UnusableFile(config + " has an unknown setting: " + name);
                }
                values.put(name, properties.getProperty(name));
            }
        }
        for (String name : NAMES) {
            String value = environment.get(name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
            if (value != null && !value.isBlank()) {
                values.put(name, value);
            }
        }
        return new Settings(values);
    }

    void applyTo(KsherComponent component) {
        KsherConfiguration ksher = component.getConfiguration();
        ksher.setAppId(ksherValue("app-id"));
        ksher.setPrivateKey(ksherValue("private-key"));
        ksher.setPrivateKeyPassword(ksherValue("private-key-password"));
        ksher.setKsherPublicKey(ksherValue("ksher-public-key"));
        ksher.setApiUrl(url("api-url", ksher.getApiUrl()));
        ksher.setGatewayUrl(url("gateway-url", ksher.getGatewayUrl()));
        String version = ksherValue("sign-version");
        if (version != null) {
            ksher.setSignVersion(SignVersion.valueOf(version));
        }
    }

    /** App-id and hosts, for the first line. */
    String target() {
        KsherConfiguration defaults = new KsherConfiguration();
        String api = host(url("api-url", defaults.getApiUrl()));
        String gateway = host(url("gateway-url", defaults.getGatewayUrl()));
        return ksherValue("app-id") + " at " + (api.equals(gateway) ? api : api + " and " + gateway);
    }

    Pace pace(int parallel) throws UnusableFile {
        return new Pace(
                duration("batch.query-interval", Duration.ofSeconds(10)),
                duration("batch.give-up-after", Duration.ofMinutes(15)),
                parallel);
    }

    private @Nullable String ksherValue(String name) {
        return values.get(KSHER + name);
    }

    private String url(String name, String defaultUrl) {
        String url = ksherValue(name);
        return url == null || url.isBlank() ? defaultUrl : url;
    }

    private static String host(String url) {
        try {
            // Not the URL: somebody may have put a password into it.
            URI uri = URI.create(url.strip());
            return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        } catch (IllegalArgumentException e) {
            return "an unusable URL";
        }
    }

    private Duration duration(String name, Duration defaultDuration) throws UnusableFile {
        String text = values.get(name);
        if (text == null || text.isBlank()) {
            return defaultDuration;
        }
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new UnusableFile(name + " is no duration like 10s, 200ms or 15m: " + text);
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "ms" : matcher.group(2);
        Duration duration =
                switch (unit) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m", "min" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofMillis(number);
                };
        if (duration.isZero()) {
            throw new UnusableFile(name + " must be longer than zero");
        }
        return duration;
    }
}
