/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import io.github.camelksher.simulator.protocol.Accounts.Account;
import java.security.PublicKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request as Ksher does before it looks for the order. It takes what Ksher's own clients
 * send; if it is strict, only what Ksher's pages ask for.
 */
public final class RequestValidator {

    /** Why a request is refused: the code in its reply, and the reason for the call log. */
    public record Refusal(int code, String reason) {}

    private static final Pattern TIME =
            Pattern.compile("\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])([01]\\d|2[0-3])[0-5]\\d[0-5]\\d(\\d{0,18}S)?");
    private static final Pattern LOWER_HEX = Pattern.compile("[0-9a-f]*");
    private static final int REMEMBERED_NONCES = 400_000;

    private final Accounts accounts;
    private final boolean strict;
    /** The nonces of the newest requests; the oldest are forgotten, so that memory is bounded. */
    @SuppressWarnings("serial") // never serialised
    private final Set<String> nonces = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED_NONCES;
        }
    }));

    public RequestValidator(Accounts accounts, boolean strict) {
        this.accounts = accounts;
        this.strict = strict;
    }

    /** Whether a call may come by this HTTP method. */
    public boolean allows(String method) {
        return method.equals("POST") || (!strict && method.equals("GET"));
    }

    /** The HTTP methods that calls may come by. */
    public String allowedMethods() {
        return strict ? "POST" : "GET, POST";
    }

    /** Why the request is refused; null if it is in order. */
    public @Nullable Refusal refusal(ApiRequest request) {
        Account account = accounts.find(request);
        if (account == null) {
            return new Refusal(-1, request.appId().isEmpty() ? "no appid" : "unknown appid");
        }
        String nonce = request.field("nonce_str");
        if (nonce.isEmpty() || nonce.length() > 32) {
            return new Refusal(-2, "nonce_str needs 1 to 32 characters");
        }
        if (strict && !TIME.matcher(request.field("time_stamp")).matches()) {
            return new Refusal(-2, "time_stamp is not yyyyMMddHHmmss");
        }
        String sign = request.field("sign");
        if (strict && !LOWER_HEX.matcher(sign).matches()) {
            return new Refusal(-2, "sign is not hex in lower case");
        }
        if (!verifies(Signatures.canonical(request.form()), sign, account.key().getPublic())) {
            return new Refusal(-2, "signature does not verify");
        }
        // Last: a request that nobody signed must not use up a nonce.
        // An appid has no line break, so two pairs never make one text.
        return !strict || nonces.add(account.appId() + '\n' + nonce)
                ? null
                : new Refusal(-2, "nonce_str was used before");
    }

    private boolean verifies(byte[] text, String sign, PublicKey key) {
        return Signatures.verifies(text, sign, key)
                || (!strict && Signatures.verifies(text, sign, key, Signatures.SHA1));
    }

    /** Forgets the nonces. */
    public void reset() {
        nonces.clear();
    }
}
