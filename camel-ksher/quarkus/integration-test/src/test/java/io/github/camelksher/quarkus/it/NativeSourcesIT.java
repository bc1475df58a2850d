/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.quarkus.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.client.SignVersion;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.reply.OrderState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the build would give to native-image, which is not needed for it. No image was ever made of it. */
class NativeSourcesIT {

    private static final Path FOLDER = Path.of(System.getProperty("project.build.directory"), "native-sources");
    private static final Map<String, byte[]> RUNNER = new TreeMap<>();

    @BeforeAll
    static void readTheRunnerJar() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(FOLDER, "*-runner.jar")) {
            try (JarFile jar = new JarFile(jars.iterator().next().toFile())) {
                for (var entry : jar.stream().toList()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        RUNNER.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }

    /** As ISO 8859-1, in which the names in a class file stay as they are. */
    private static String text(String entry) {
        return new String(RUNNER.get(entry), StandardCharsets.ISO_8859_1);
    }

    private static Stream<Class<?>> family(Class<?> sealed) {
        Class<?>[] members = sealed.getPermittedSubclasses();
        return Stream.concat(
                Stream.of(sealed),
                members == null ? Stream.of() : Stream.of(members).flatMap(NativeSourcesIT::family));
    }

    @Test
    void repliesExceptionsAndEnumsAreRegisteredWithTheirMethods() throws IOException {
        Map<String, Boolean> registered = new TreeMap<>();
        for (JsonNode type : new ObjectMapper().readTree(RUNNER.get("META-INF/native-image/reflect-config.json"))) {
            registered.put(
                    type.get("name").asText(), type.path("allDeclaredMethods").asBoolean());
        }
        Stream.of(
                        family(KsherReply.class),
                        family(KsherException.class),
                        Stream.of(OrderState.class, KsherSignatureException.Reason.class, SignVersion.class))
                .flatMap(types -> types)
                .map(Class::getName)
                .forEach(type -> assertThat(registered).containsEntry(type, true));
        // By Camel Quarkus, from META-INF/services.
        assertThat(registered)
                .containsKeys(
                        KsherComponent.class.getName(),
                        KsherComponent.class.getName() + "Configurer",
                        "io.github.camelksher.component.KsherEndpointConfigurer",
                        "io.github.camelksher.component.KsherEndpointUriFactory",
                        "io.github.camelksher.component.KsherTypeConverters");
    }

    @Test
    void resourcesAreIncluded() {
        assertThat(text("META-INF/native-image/resource-config.json"))
                .contains(
                        "io/github/camelksher/client/version.properties",
                        "org/publicsuffix/list/effective_tld_names.dat");
    }

    @Test
    void whatHasRandomnessIsInitialisedAtRunTime() {
        assertThat(text("io/quarkus/runner/Feature.class"))
                .contains(
                        "io.github.camelksher.crypto.RsaKeys",
                        "org.apache.hc.client5.http.impl.auth.NTLMEngineImpl",
                        "org.bouncycastle.crypto.CryptoServicesRegistrar",
                        "org.bouncycastle.jcajce.provider.drbg.DRBG");
    }

    @Test
    void theClassThatHttpClientNamesIsThere() {
        assertThat(RUNNER).containsKey("org/brotli/dec/BrotliInputStream.class");
    }

    @Test
    void httpsIsSupported() throws IOException {
        assertThat(Files.readString(FOLDER.resolve("native-image.args"))).contains("--enable-url-protocols=http,https");
    }
}
