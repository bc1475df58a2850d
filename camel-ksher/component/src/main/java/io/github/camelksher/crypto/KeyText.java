/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Primitive;
import org.jspecify.annotations.Nullable;

/**
 * A key as people paste it, brought back into a form that a PEM parser reads: line breaks written as the two characters
 * {@code \n}, lost on the way (Camel drops them from URIs) or become blanks (YAML, Docker and shells fold them), or the bare
 * base64 without its BEGIN and END.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never modified
record KeyText(@Nullable String label, @Nullable String algorithm, @Nullable String iv, byte[] der) {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    // The IV's length follows from the algorithm: without line breaks nothing else says where it ends.
    private static final Pattern ENCRYPTED = Pattern.compile(
            "Proc-Type:\\s*4,\\s*ENCRYPTED\\s*DEK-Info:\\s*([A-Za-z0-9-]+)\\s*,\\s*(.*)", Pattern.DOTALL);
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern INNER_BLANK = Pattern.compile("\\S[\\t\\p{Zs}]+\\S");
    private static final int SHORTEST_KEY = 80;
    /** Twice the PEM of the longest key that the JDK takes, 16384 bits; the search for BEGIN and END is quadratic in it. */
    private static final int LONGEST_TEXT = 32_768;

    private static final String SPACES =
            "has spaces inside its base64: in a URI a '+' becomes a space, wrap the value in RAW(...)";
    private static final String DAMAGED =
            "is damaged or cut short: if it is in a URI, wrap it in RAW(...), else each '+' becomes a space";

    static KeyText of(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new KeyProblem("is longer than any RSA key: is it another file?");
        }
        String unfolded = text.replace("\uFEFF", "")
                .replaceAll("\\\\{1,4}r", "")
                .replaceAll("\\\\{1,4}n", "\n")
                .strip();
        Matcher pem = PEM.matcher(unfolded);
        if (!pem.find()) {
            return bare(unfolded);
        }
        String label = pem.group(1);
        String body = pem.group(2);
        Matcher encrypted = ENCRYPTED.matcher(body.strip());
        if (!encrypted.matches()) {
            byte[] der = decoded(body);
            // Between the marks a blank was a line break. If it was a '+', the key is too short now.
            if (der.length == 0 || (INNER_BLANK.matcher(body).find() && !isWhole(der))) {
                throw new KeyProblem(DAMAGED);
            }
            return new KeyText(label, null, null, der);
        }
        String algorithm = encrypted.group(1).toUpperCase(Locale.ROOT);
        String rest = encrypted.group(2);
        int ivLength = algorithm.startsWith("AES") ? 32 : 16;
        if (rest.length() <= ivLength) {
            throw new KeyProblem("is cut short");
        }
        byte[] der = decoded(rest.substring(ivLength));
        // Every algorithm of this form makes blocks of 8 or 16 bytes.
        if (der.length == 0 || der.length % 8 != 0) {
            throw new KeyProblem(DAMAGED);
        }
        return new KeyText(label, algorithm, rest.substring(0, ivLength), der);
    }

    private static KeyText bare(String text) {
        if (text.contains("-----BEGIN ")) {
            throw new KeyProblem(
                    "begins as a PEM but has no END line that goes with it: is only its first line there?");
        }
        if (INNER_BLANK.matcher(text).find()) {
            throw new KeyProblem(SPACES);
        }
        byte[] der = decoded(text);
        if (der.length >= SHORTEST_KEY || (der.length > 0 && der[0] == 0x30)) {
            return new KeyText(null, null, null, der);
        }
        throw text.isEmpty() ? new KeyProblem("is empty") : notAKey(text.length() < 256);
    }

    /** Empty if it is no base64: the decoder's own message would show a character of the key. */
    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(BLANKS.matcher(base64).replaceAll(""));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static boolean isWhole(byte[] der) {
        try {
            ASN1Primitive.fromByteArray(der);
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
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
