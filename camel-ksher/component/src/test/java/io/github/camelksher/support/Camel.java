/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.support;

import io.github.camelksher.component.KsherComponent;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** A plain Camel context with the component on a stub: runs on any Camel line. */
public final class Camel implements AutoCloseable {

    public static final String KEY = "classpath:keys/pkcs1.pem";

    private final CamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;

    public Camel(KsherStub stub) {
        this(stub, component -> {});
    }

    public Camel(KsherStub stub, Consumer<KsherComponent> more) {
        KsherComponent component = new KsherComponent();
        component.getConfiguration().setAppId(KsherStub.APP_ID);
        component.getConfiguration().setPrivateKey(KEY);
        component.getConfiguration().setKsherPublicKey(KsherStub.ksherPublicKey());
        component.getConfiguration().setApiUrl(stub.url() + "/KsherPay");
        component.getConfiguration().setGatewayUrl(stub.url() + "/api");
        more.accept(component);
        context.addComponent("ksher", component);
        context.start();
        template = context.createProducerTemplate();
    }

    public CamelContext context() {
        return context;
    }

    /** Makes a call and returns its exchange, failed or not. */
    public Exchange call(String uri, Map<String, Object> headers) {
        return template.request(uri, exchange -> {
            exchange.getMessage().setBody("the body before");
            exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
        });
    }

    public Exchange call(String uri, String mchOrderNo) {
        return call(uri, Map.of("CamelKsherMchOrderNo", mchOrderNo));
    }

    @Override
    public void close() {
        context.stop();
    }
}
