/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service; with the profile {@code simulator} against a Ksher of its own. */
@SpringBootApplication
public class OrderService {

    public static void main(String[] args) {
        application().run(args);
    }

    static SpringApplication application() {
        SpringApplication application = new SpringApplication(OrderService.class);
        application.addInitializers(new EmbeddedSimulator());
        return application;
    }
}
