/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.security.PublicKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at a request as Ksher does before it looks at the order. */
final class RequestCheck {

    /** Why a request is refused: the code it is answered with, and the reason for the journal. */
    record Refusal(int code, String reason) {}

    private static final Pattern TIME =
            Pattern.compile("\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])([01]\\d|2[0-3])[0-5]\\d[0-5]\\d(\\d{0,18}S)?");

    private final Map<String, PublicKey> merchants;
    private final Nonces nonces = new Nonces();

    RequestCheck(Map<String, PublicKey> merchants) {
        this.merchants = new ConcurrentHashMap<>(merchants);
    }

    /** Null if the request is in order. */
    @Nullable
    Refusal refusal(Map<String, String> form) {
        String appId = form.getOrDefault("appid", "");
        PublicKey key = merchants.get(appId);
        if (key == null) {
            return new Refusal(-1, appId.isEmpty() ? "no appid" : "unknown appid");
        }
        String nonce = form.getOrDefault("nonce_str", "");
        if (nonce.isEmpty() || nonce.length() > 32) {
            return new Refusal(-2, "nonce_str needs 1 to 32 characters");
        }
        if (!TIME.matcher(form.getOrDefault("time_stamp", "")).matches()) {
            return new Refusal(-2, "time_stamp is not yyyyMMddHHmmss");
        }
        if (!Rsa.verifies(Rsa.canonical(form), form.getOrDefault("sign", ""), key)) {
            return new Refusal(-2, "signature does not verify");
        }
        // Last: a request that nobody signed must not use up a nonce.
        return nonces.firstUse(appId, nonce) ? null : new Refusal(-2, "nonce_str was used before");
    }

    void reset() {
        nonces.clear();
    }
}
