/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.support;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.PropertiesFunction;

/** A vault that Camel finds: {@code {{vault:name}}} is the secret of that name. */
public final class Vault implements PropertiesFunction {

    private static final Map<String, Supplier<String>> SECRETS = new ConcurrentHashMap<>();

    public static void put(String name, String secret) {
        answer(name, () -> secret);
    }

    /** What it does when it is asked for the secret: it may throw what it likes. */
    public static void answer(String name, Supplier<String> answer) {
        SECRETS.put(name, answer);
    }

    @Override
    public String getName() {
        return "vault";
    }

    @Override
    public String apply(String name) {
        Supplier<String> answer = SECRETS.get(name);
        if (answer == null) {
            throw new RuntimeCamelException("The vault has no secret " + name);
        }
        return answer.get();
    }
}
