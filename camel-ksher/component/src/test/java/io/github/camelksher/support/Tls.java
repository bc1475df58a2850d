/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.support;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;

/** Both sides of TLS, by the test resources' key stores. */
public final class Tls {

    private Tls() {}

    private static KeyStoreParameters store(String name) {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("keys/" + name);
        store.setPassword("changeit");
        store.setType("PKCS12");
        return store;
    }

    public static SSLContextParameters trusting(String name) {
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store(name));
        SSLContextParameters ssl = new SSLContextParameters();
        ssl.setTrustManagers(trust);
        return ssl;
    }

    /** A stub that speaks TLS. */
    public static KsherStub server(String name) throws Exception {
        KeyManagersParameters keys = new KeyManagersParameters();
        keys.setKeyStore(store(name));
        keys.setKeyPassword("changeit");
        SSLContextParameters ssl = new SSLContextParameters();
        ssl.setKeyManagers(keys);
        try (CamelContext context = new DefaultCamelContext()) {
            return new KsherStub(ssl.createSSLContext(context).getServerSocketFactory()).echoing("SUCCESS", Map.of());
        }
    }
}
