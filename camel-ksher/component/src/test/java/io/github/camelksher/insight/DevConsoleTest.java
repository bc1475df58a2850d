/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.util.Map;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DevConsoleTest {

    private KsherStub stub;
    private Camel camel;

    @BeforeEach
    void start() throws Exception {
        stub = new KsherStub();
        camel = new Camel(stub);
    }

    @AfterEach
    void stop() throws Exception {
        camel.close();
        stub.close();
    }

    @Test
    void saysHowTheCallsOfEachEndpointEnded() throws Exception {
        stub.echoing("SUCCESS", Map.of());
        camel.call("ksher:orderQuery", "A-1");
        camel.call("ksher:orderQuery", "A-2");
        camel.call("ksher:orderClose", "A-2");
        stub.answering(Http.response(503, "", new byte[0]));
        camel.call("ksher:orderClose", "A-3");
        camel.call("ksher:orderClose", "");

        JsonObject json = (JsonObject) console().call(MediaType.JSON);

        assertThat(json.toJson())
                .isEqualTo(
                        "{\"pools\":[{\"leased\":0,\"available\":1,\"pending\":0,\"max\":200}],\"endpoints\":["
                                + "{\"operation\":\"orderQuery\",\"appId\":\"mch10001\",\"url\":\""
                                + escaped("order_query")
                                + "\",\"calls\":{\"replied\":2}},"
                                + "{\"operation\":\"orderClose\",\"appId\":\"mch10001\",\"url\":\""
                                + escaped("order_close")
                                + "\",\"calls\":{\"KsherHttpStatusException\":1,\"KsherInvalidRequestException\":1,\"replied\":1}}]}");
        assertThat((String) console().call(MediaType.TEXT))
                .isEqualToNormalizingNewlines(
                        "Connections: 0 in use, 1 idle, 0 calls waiting, at most 200\n"
                                + "orderQuery of mch10001 at " + stub.url() + "/KsherPay/order_query: {replied=2}\n"
                                + "orderClose of mch10001 at " + stub.url()
                                + "/KsherPay/order_close: {KsherHttpStatusException=1, KsherInvalidRequestException=1, replied=1}\n");
    }

    @Test
    void saysSoOfAContextWithoutEndpoints() {
        assertThat(((JsonObject) console().call(MediaType.JSON)).toJson()).isEqualTo("{\"pools\":[],\"endpoints\":[]}");
        assertThat((String) console().call(MediaType.TEXT)).isEmpty();
    }

    private String escaped(String path) {
        return (stub.url() + "/KsherPay/" + path).replace("/", "\\/");
    }

    /** The console, as Camel finds it. */
    private DevConsole console() {
        DevConsole console = PluginHelper.getDevConsoleResolver(camel.context()).resolveDevConsole("ksher");
        assertThat(console).isNotNull();
        return console;
    }
}
