/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KsherSimulatorExtensionTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    @Test
    @Order(1)
    void theSimulatorIsAlsoAParameter(KsherSimulator simulator) throws Exception {
        assertThat(simulator).isSameAs(KSHER.simulator());
        simulator.open(KsherOrder.of("A1"));
        assertThat(new Merchant(simulator).orderQuery("A1").result()).isEqualTo("NOTPAY");
    }

    @Test
    @Order(2)
    void eachTestBeginsWithAnEmptyOne(KsherSimulator simulator) {
        assertThat(simulator.orders()).isEmpty();
        assertThat(simulator.calls()).isEmpty();
    }

    @Test
    void aBuilderWithoutAnIntervalHasNoLimitOnQueriesAndOneWithItHas() throws Exception {
        assertThat(secondQuery(KsherSimulator.builder().strict())).isEqualTo("NOTPAY");
        assertThat(secondQuery(KsherSimulator.builder().queryInterval(Duration.ofHours(1))))
                .isEqualTo("FAIL");
    }

    private static String secondQuery(KsherSimulatorBuilder builder) throws Exception {
        KsherSimulatorExtension extension = new KsherSimulatorExtension(builder);
        try {
            extension.beforeAll(null);
            extension.simulator().open(KsherOrder.of("A1"));
            Merchant merchant = new Merchant(extension.simulator());
            merchant.orderQuery("A1");
            return merchant.orderQuery("A1").result();
        } finally {
            extension.afterAll(null);
        }
    }

    @Test
    void outsideATestClassItSaysWhatIsMissing() {
        assertThatThrownBy(new KsherSimulatorExtension()::simulator)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("static");
    }

    @Test
    void aClosedSimulatorFreesItsPort() throws Exception {
        KsherSimulator simulator = KsherSimulator.builder().start();
        Merchant merchant = new Merchant(simulator);
        simulator.close();
        assertThatThrownBy(() -> merchant.orderQuery("A1")).isInstanceOf(ConnectException.class);
    }
}
