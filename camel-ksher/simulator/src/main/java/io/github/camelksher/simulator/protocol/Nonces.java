/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/** The nonces of the newest requests; the oldest are forgotten, so that memory is bounded. */
final class Nonces extends LinkedHashMap<String, Boolean> {

    private static final long serialVersionUID = 1L;
    private static final int REMEMBERED = 400_000;

    /** False if this appid has used the nonce before. */
    synchronized boolean firstUse(String appId, String nonce) {
        // An appid has no line break, so two pairs never make one text.
        return putIfAbsent(appId + '\n' + nonce, true) == null;
    }

    @Override
    public synchronized void clear() {
        super.clear();
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
        return size() > REMEMBERED;
    }
}
