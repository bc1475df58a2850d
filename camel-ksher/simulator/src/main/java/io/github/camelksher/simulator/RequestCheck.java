/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.security.PublicKey;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a request as Ksher does before it looks at the order. What Ksher's own clients send is taken; if it is strict, only
 * what Ksher's pages ask for.
 */
final class RequestCheck {

    /** Why a request is refused: the code it is answered with, and the reason for the journal. */
    record Refusal(int code, String reason) {}

    private static final Pattern TIME =
            Pattern.compile("\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])([01]\\d|2[0-3])[0-5]\\d[0-5]\\d(\\d{0,18}S)?");
    private static final Pattern LOWER_HEX = Pattern.compile("[0-9a-f]*");

    private final Map<String, KsherMerchant> merchants;
    private final boolean strict;
    private final Nonces nonces = new Nonces();

    RequestCheck(Map<String, KsherMerchant> merchants, boolean strict) {
        this.merchants = merchants;
        this.strict = strict;
    }

    boolean isStrict() {
        return strict;
    }

    /** Null if the request is in order. */
    @Nullable
    Refusal refusal(Map<String, String> form) {
        String appId = form.getOrDefault("appid", "");
        KsherMerchant merchant = merchants.get(appId);
        if (merchant == null) {
            return new Refusal(-1, appId.isEmpty() ? "no appid" : "unknown appid");
        }
        String nonce = form.getOrDefault("nonce_str", "");
        if (nonce.isEmpty() || nonce.length() > 32) {
            return new Refusal(-2, "nonce_str needs 1 to 32 characters");
        }
        if (strict && !TIME.matcher(form.getOrDefault("time_stamp", "")).matches()) {
            return new Refusal(-2, "time_stamp is not yyyyMMddHHmmss");
        }
        String sign = form.getOrDefault("sign", "");
        if (strict && !LOWER_HEX.matcher(sign).matches()) {
            return new Refusal(-2, "sign is not hex in lower case");
        }
        if (!verifies(Rsa.canonical(form), sign, merchant.publicKey())) {
            return new Refusal(-2, "signature does not verify");
        }
        // Last: a request that nobody signed must not use up a nonce.
        return !strict || nonces.firstUse(appId, nonce) ? null : new Refusal(-2, "nonce_str was used before");
    }

    private boolean verifies(byte[] text, String sign, PublicKey key) {
        return Rsa.verifies(text, sign, key) || (!strict && Rsa.verifies(text, sign, key, Rsa.SHA1));
    }

    void reset() {
        nonces.clear();
    }
}
