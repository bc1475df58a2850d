/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A key in a property of its Kamelet is in no URI, no dump, no MBean and no log, unless Camel logs
 * at {@code DEBUG}: there it tells the value of every property that it resolves.
 */
@Timeout(60)
class SecretsTest {

    private static final String PASSWORD = "password-of-the-key";

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    @TempDir
    Path folder;

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final Map<Logger, Level> loggers = Map.of(
            (Logger) LoggerFactory.getLogger("org.apache.camel"),
            Level.INFO,
            (Logger) LoggerFactory.getLogger("io.github.camelksher"),
            Level.TRACE);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String stack =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            seen.add("log " + event.getLoggerName() + " " + event.getFormattedMessage() + stack);
        }
    };

    @BeforeEach
    void capture() {
        appender.start();
        loggers.forEach((logger, level) -> {
            logger.addAppender(appender);
            logger.setAdditive(false);
            logger.setLevel(level);
        });
    }

    @AfterEach
    void release() {
        for (Logger logger : loggers.keySet()) {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }

    private Map<String, String> properties(KsherSimulator ksher, String key) {
        Map<String, String> properties = new HashMap<>(ActionsTest.everywhere(ksher));
        for (String action : ActionsTest.ACTIONS) {
            String kamelet = "camel.kamelet." + action + ".";
            properties.put(kamelet + "privateKey", key);
            properties.put(kamelet + "privateKeyPassword", PASSWORD);
        }
        properties.put("merchant.first", "one");
        properties.put("merchant.second", "two");
        properties.put("camel.main.dumpRoutes", "xml");
        properties.put("camel.main.dumpRoutesResolvePlaceholders", "true");
        return properties;
    }

    private static String oneLine(String pem) {
        return pem.strip().replace("\n", "\\n");
    }

    /** Pieces of the key that are long enough to be nothing else. */
    private static List<String> pieces(String pem) {
        return pem.lines().filter(line -> line.length() == 64).toList();
    }

    private void assertNotSeen(String pem) {
        List<String> secrets =
                Stream.concat(pieces(pem).stream(), Stream.of(PASSWORD)).toList();
        assertThat(secrets).hasSizeGreaterThan(5);
        assertThat(seen).hasSizeGreaterThan(10);
        assertThat(seen)
                .filteredOn(text -> secrets.stream().anyMatch(text::contains))
                .isEmpty();
    }

    @Test
    void noKeyIsShownWhileItIsUsed(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        ksher.open(KsherOrder.gateway("P-1"));
        try (CamelRun camel = new CamelRun(
                folder, ActionsTest.resource("actions.yaml"), properties(ksher, oneLine(ksher.merchantKey())))) {
            for (String call : List.of("orderQuery", "orderClose", "gatewayQuery", "gatewayCancel")) {
                String order = call.startsWith("order") ? "A-1" : "P-1";
                assertThat(camel.send("direct:" + call, order).getException()).isNull();
                ksher.faults().next(Fault.badSignature(), call);
                seen.add(trace(camel.send("direct:" + call, order).getException()));
                ksher.faults().clear();
            }
            assertThat(seen).anyMatch(text -> text.contains("Dumping") && text.startsWith("log "));
            camel.context().getEndpoints().forEach(endpoint -> seen.add(endpoint.getEndpointUri() + " " + endpoint));
            manage();
            assertThat(seen).anyMatch(text -> text.contains("type=endpoints"));
        }
        assertNotSeen(ksher.merchantKey());
    }

    /** A key that cannot be read fails the start. */
    @Test
    void noKeyIsShownInTheMessageOfAFailedStart(KsherSimulator ksher) throws Exception {
        String pem = ksher.merchantKey();
        // Without its last line.
        String broken = oneLine(pem.substring(0, pem.lastIndexOf('\n', pem.length() - 80)));
        String routes = ActionsTest.resource("actions.yaml");
        Map<String, String> properties = properties(ksher, broken);
        seen.add(trace(catchThrowable(() -> new CamelRun(folder, routes, properties).close())));
        assertThat(seen).anyMatch(text -> text.startsWith("thrown") && text.contains("privateKey"));
        assertNotSeen(pem);
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return "thrown " + trace;
    }

    private void manage() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            seen.add(name.toString());
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                try {
                    seen.add(name + " " + attribute.getName() + " " + server.getAttribute(name, attribute.getName()));
                } catch (JMException | RuntimeException e) {
                    // Some have no value at this moment.
                    seen.add(name + " " + attribute.getName());
                }
            }
            if (name.toString().contains("type=routes")) {
                seen.add(String.valueOf(
                        server.invoke(name, "dumpRouteAsXml", new Object[] {true}, new String[] {"boolean"})));
            }
        }
    }
}
