/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.support;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.PropertiesFunction;

/** A vault that Camel finds: {@code {{vault:name}}} is the secret of that name. */
public final class Vault implements PropertiesFunction {

    private static final Map<String, String> SECRETS = new ConcurrentHashMap<>();

    public static void put(String name, String secret) {
        SECRETS.put(name, secret);
    }

    public static void remove(String name) {
        SECRETS.remove(name);
    }

    @Override
    public String getName() {
        return "vault";
    }

    @Override
    public String apply(String name) {
        String secret = SECRETS.get(name);
        if (secret == null) {
            throw new RuntimeCamelException("The vault has no secret " + name);
        }
        return secret;
    }
}
