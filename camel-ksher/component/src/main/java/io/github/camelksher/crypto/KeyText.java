/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key as people paste it, brought back into a form that a PEM parser reads: line breaks written as the two characters
 * {@code \n}, line breaks lost on the way (Camel drops them from URIs), or the bare base64 without its BEGIN and END.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never modified
record KeyText(@Nullable String label, @Nullable String algorithm, @Nullable String iv, byte[] der) {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    // The IV's length follows from the algorithm: without line breaks nothing else says where it ends.
    private static final Pattern ENCRYPTED = Pattern.compile(
            "Proc-Type:\\s*4,\\s*ENCRYPTED\\s*DEK-Info:\\s*([A-Za-z0-9-]+)\\s*,\\s*(.*)", Pattern.DOTALL);
    private static final Pattern INNER_SPACE = Pattern.compile("\\S[ \\t]+\\S");
    private static final int SHORTEST_KEY = 80;
    /** Twice the PEM of the longest key that the JDK takes, 16384 bits; the search for BEGIN and END is quadratic in it. */
    private static final int LONGEST_TEXT = 32_768;

    private static final String SPACES =
            "has spaces inside its base64: in a URI a '+' becomes a space, wrap the value in RAW(...)";

    static KeyText of(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new KeyProblem("is longer than any RSA key: is it another file?");
        }
        String unfolded = text.replace("\\r", "").replace("\\n", "\n").strip();
        if (unfolded.isEmpty()) {
            throw new KeyProblem("is empty");
        }
        Matcher pem = PEM.matcher(unfolded);
        if (!pem.find()) {
            return new KeyText(null, null, null, base64(unfolded));
        }
        String body = pem.group(2);
        Matcher encrypted = ENCRYPTED.matcher(body.strip());
        if (!encrypted.matches()) {
            return new KeyText(pem.group(1), null, null, base64(body));
        }
        String algorithm = encrypted.group(1).toUpperCase(Locale.ROOT);
        String rest = encrypted.group(2);
        int ivLength = algorithm.startsWith("AES") ? 32 : 16;
        if (rest.length() <= ivLength) {
            throw new KeyProblem("is cut short");
        }
        return new KeyText(pem.group(1), algorithm, rest.substring(0, ivLength), base64(rest.substring(ivLength)));
    }

    private static byte[] base64(String body) {
        if (INNER_SPACE.matcher(body).find()) {
            throw new KeyProblem(SPACES);
        }
        String joined = body.replaceAll("\\s", "");
        try {
            byte[] der = Base64.getDecoder().decode(joined);
            if (der.length >= SHORTEST_KEY || (der.length > 0 && der[0] == 0x30)) {
                return der;
            }
        } catch (IllegalArgumentException e) {
            // Falls through: the decoder's message would show a character of the key.
        }
        if (body.strip().indexOf(' ') >= 0) {
            throw new KeyProblem(SPACES);
        }
        throw notAKey(joined.length() < 256);
    }

    static KeyProblem notAKey(boolean mayBePath) {
        return new KeyProblem(
                mayBePath
                        ? "is neither PEM nor base64: if it is a path, write it as file:/path/to/key.pem"
                        : "is neither PEM nor base64 of a key");
    }

    /** The PEM that a parser reads; only for keys that had a BEGIN line. */
    String pem() {
        StringBuilder pem = new StringBuilder("-----BEGIN ").append(label).append("-----\n");
        if (iv != null) {
            pem.append("Proc-Type: 4,ENCRYPTED\nDEK-Info: ")
                    .append(algorithm)
                    .append(',')
                    .append(iv)
                    .append("\n\n");
        }
        return pem.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der))
                .append("\n-----END ")
                .append(label)
                .append("-----\n")
                .toString();
    }

    @Override
    public String toString() {
        return "KeyText";
    }
}
