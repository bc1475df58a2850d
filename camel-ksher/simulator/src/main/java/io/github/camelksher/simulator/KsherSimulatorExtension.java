/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One simulator for a test class, reset before each test: a static field with
 * {@code @RegisterExtension}. Tests can take a {@link KsherSimulator} as parameter.
 */
public final class KsherSimulatorExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback, ParameterResolver {

    private final KsherSimulatorBuilder builder;
    private @Nullable KsherSimulator simulator;

    /** On a free port, with no limit on queries. */
    public KsherSimulatorExtension() {
        this(KsherSimulator.builder());
    }

    /** As the builder says; without an interval of the builder's, queries have no limit. */
    public KsherSimulatorExtension(KsherSimulatorBuilder builder) {
        this.builder = builder.queryIntervalIfNotSet(Duration.ZERO);
    }

    /**
     * The simulator.
     *
     * @throws IllegalStateException before the test class has started, or if the field is not
     *     static
     */
    public KsherSimulator simulator() {
        if (simulator == null) {
            throw new IllegalStateException("not started: the @RegisterExtension field must be static");
        }
        return simulator;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (simulator == null) {
            simulator = builder.start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        simulator().reset();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (simulator != null) {
            simulator.close();
            simulator = null;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KsherSimulator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return simulator();
    }
}
