/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** The configuration file of one application, in a folder of its own, and how it starts. */
final class Application {

    private final Path folder;
    private final List<String> lines = new ArrayList<>();
    private Class<?>[] sources = {Shop.class};
    private WebApplicationType type = WebApplicationType.NONE;

    Application(Path folder) {
        this.folder = folder;
    }

    /** All that is needed to reach the simulator, but the key. */
    Application on(KsherSimulator ksher) throws IOException {
        Files.writeString(folder.resolve("ksher-public.pem"), ksher.publicKey());
        return with("app-id=" + ksher.appId())
                .with("api-url=" + ksher.apiUrl())
                .with("gateway-url=" + ksher.gatewayUrl())
                .with("ksher-public-key=file:" + folder.resolve("ksher-public.pem"));
    }

    /** And the merchant's key, in a file. */
    Application withKeyOf(KsherSimulator ksher) throws IOException {
        Files.writeString(folder.resolve("merchant.pem"), ksher.merchantKey());
        return with("private-key=file:" + folder.resolve("merchant.pem"));
    }

    /** An option of the component; a later one counts. */
    Application with(String option) {
        return property("camel.component.ksher." + option);
    }

    Application property(String line) {
        lines.add(line);
        return this;
    }

    Application sources(Class<?>... beans) {
        sources = beans;
        return this;
    }

    Application web() {
        type = WebApplicationType.SERVLET;
        return property("server.port=0");
    }

    /** The folder for {@code spring.config.location}, with the file in it. */
    String written() throws IOException {
        Files.write(folder.resolve("application.properties"), lines);
        return "file:" + folder + "/";
    }

    ConfigurableApplicationContext start() throws IOException {
        SpringApplication application = new SpringApplication(sources);
        application.setWebApplicationType(type);
        return application.run("--spring.config.location=" + written());
    }

    static KsherComponent component(ConfigurableApplicationContext context) {
        return context.getBean(CamelContext.class).getComponent("ksher", KsherComponent.class);
    }

    /** What a start that must fail throws and prints: all that a person could see of it. */
    String failure() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(capture);
        System.setErr(capture);
        try (ConfigurableApplicationContext started = start()) {
            throw new AssertionError("started: " + started);
        } catch (RuntimeException e) {
            e.printStackTrace(capture);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
