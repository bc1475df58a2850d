/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** HttpClient's own loggers show nothing of a call, however verbose they are. */
class WireLoggerTest {

    @Test
    void noLoggerOfHttpClientShowsWhatGoesOverTheWire() throws Exception {
        Logger http = (Logger) LoggerFactory.getLogger("org.apache.hc");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        http.addAppender(log);
        http.setLevel(Level.TRACE);
        try (KsherStub stub = new KsherStub();
                Camel camel = new Camel(stub, component -> {
                    component.setProxyHost("127.0.0.1");
                    component.setProxyPort(stub.port());
                    component.setProxyAuthUsername("user");
                    component.setProxyAuthPassword("s3cr3t-of-the-proxy");
                    component.getConfiguration().setApiUrl("http://ksher.invalid/KsherPay");
                })) {
            stub.answering((request, socket) -> {
                Map<String, Object> data = KsherStub.echo(request);
                data.put("result", "SUCCESS");
                data.put("openid", "oSECRET-PERSON");
                KsherStub.write(
                        socket,
                        request.headers().containsKey("Proxy-Authorization")
                                ? Http.ok(KsherStub.signed(data))
                                : Http.response(407, "Proxy-Authenticate: Basic realm=\"p\"\r\n", new byte[0]));
            });
            assertThat(camel.call("ksher:orderQuery", "A-SECRET-ORDER").getException())
                    .isNull();
            String sign = stub.requests().get(1).form().get("sign");
            assertThat(log.list).as("the loggers are on").isNotEmpty();
            for (ILoggingEvent event : log.list) {
                assertThat(event.getFormattedMessage())
                        .doesNotContain(sign, "oSECRET-PERSON", "s3cr3t", "dXNlcjp", "A-SECRET-ORDER");
            }
        } finally {
            http.detachAppender(log);
            http.setLevel(null);
        }
    }
}
