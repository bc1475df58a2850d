/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The nonces seen, in two generations: when the younger is full, the elder is forgotten. So memory is bounded, and the last
 * {@value #GENERATION} nonces at least are remembered.
 */
final class Nonces {

    static final int GENERATION = 200_000;

    private volatile Set<String> younger = ConcurrentHashMap.newKeySet();
    private volatile Set<String> elder = Set.of();
    private final AtomicInteger count = new AtomicInteger();

    /** False if this appid has used it before. */
    boolean firstUse(String appId, String nonce) {
        // An appid has no line break, so two pairs never make one text.
        String key = appId + '\n' + nonce;
        if (elder.contains(key) || !younger.add(key)) {
            return false;
        }
        if (count.incrementAndGet() == GENERATION) {
            elder = younger;
            younger = ConcurrentHashMap.newKeySet();
            count.set(0);
        }
        return true;
    }

    void clear() {
        elder = Set.of();
        younger = ConcurrentHashMap.newKeySet();
        count.set(0);
    }
}
