/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.jspecify.annotations.Nullable;

/**
 * A pasted key, normalised to a form that a PEM parser reads. Its line breaks may be written as
 * {@code \n}, lost (Camel drops them from URIs) or blanks (YAML, Docker and shells fold them). It
 * may also be the bare base64 without BEGIN and END.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never modified
record KeyText(@Nullable String label, @Nullable String algorithm, @Nullable String iv, byte[] der) {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    // Without line breaks only the algorithm tells how long the IV is.
    private static final Pattern ENCRYPTED = Pattern.compile(
            "Proc-Type:\\s*4,\\s*ENCRYPTED\\s*DEK-Info:\\s*([A-Za-z0-9-]+)\\s*,\\s*(.*)", Pattern.DOTALL);
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern BASE64_WITH_BLANKS = Pattern.compile("[A-Za-z0-9+/=\\s\\p{Z}]{80,}");
    private static final Pattern INNER_BLANK = Pattern.compile("\\S[\\t\\p{Zs}]+\\S");
    private static final int SHORTEST_KEY = 80;
    /** Twice the PEM of the longest key. The search for BEGIN and END is quadratic in it. */
    private static final int LONGEST_TEXT = 32_768;

    private static final String SPACES =
            "has spaces inside its base64: in a URI a '+' becomes a space, wrap the value in RAW(...)";
    private static final String DAMAGED =
            "is damaged or cut short: if it is in a URI, wrap it in RAW(...), else each '+' becomes a space";
    private static final String DER =
            "is a DER file, which is binary: make a PEM of it with openssl pkey -inform DER -in key.der -out key.pem"
                    + " (a public key: add -pubin)";
    private static final String PKCS12 =
            "is a PKCS#12 file (.p12, .pfx): take the key out with openssl pkcs12 -in key.p12 -nocerts -nodes -out key.pem";
    private static final String JAVA_KEYSTORE =
            "is a Java keystore: make a PKCS#12 file of it with keytool -importkeystore -deststoretype PKCS12, then take"
                    + " the key out with openssl pkcs12 -in key.p12 -nocerts -nodes -out key.pem";
    private static final String CERTIFICATE =
            "is, or begins with, a certificate: it holds no private key, and openssl x509 -in cert.pem -noout -pubkey"
                    + " prints its public key";

    /**
     * Decodes a key file: UTF-8, or the UTF-16 that Windows writes.
     *
     * @throws KeyProblem if the file is binary, naming its format
     */
    static String ofFile(byte[] file) {
        String text = new String(file, charset(file));
        if (text.indexOf('\uFFFD') < 0 || text.contains("-----BEGIN ")) {
            return text;
        }
        String magic = HexFormat.of().formatHex(file, 0, Math.min(4, file.length));
        if (magic.equals("feedfeed") || magic.equals("cececece")) {
            throw new KeyProblem(JAVA_KEYSTORE);
        }
        if (!magic.startsWith("30")) {
            throw new KeyProblem("names a file that is binary: a PEM or base64 is expected");
        }
        String other = whatIsNoKey(parsed(file));
        throw new KeyProblem(other == null ? DER : other);
    }

    /** Told by the byte order mark, or by the zero byte that a letter has in UTF-16. */
    private static Charset charset(byte[] file) {
        if (file.length < 2) {
            return StandardCharsets.UTF_8;
        }
        return switch (HexFormat.of().formatHex(file, 0, 2)) {
            case "feff", "fffe" -> StandardCharsets.UTF_16;
            default ->
                file[0] == 0
                        ? StandardCharsets.UTF_16BE
                        : file[1] == 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
        };
    }

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
        if (label.startsWith("OPENSSH")) {
            throw new KeyProblem(
                    "is in OpenSSH's own format: ssh-keygen -p -m PEM -f makes a PEM of a copy of the file");
        }
        if (label.startsWith("EC ")) {
            throw new KeyProblem("is an EC key where an RSA key is expected");
        }
        Matcher encrypted = ENCRYPTED.matcher(body.strip());
        if (!encrypted.matches()) {
            // A blank between BEGIN and END was a line break. If it was a '+', the key
            // is now too short.
            return new KeyText(label, null, null, whole(decoded(body)));
        }
        String algorithm = encrypted.group(1).toUpperCase(Locale.ROOT);
        String rest = encrypted.group(2);
        int ivLength = algorithm.startsWith("AES") ? 32 : 16;
        if (rest.length() <= ivLength) {
            throw new KeyProblem("is cut short");
        }
        byte[] der = decoded(rest.substring(ivLength));
        // All these algorithms have blocks of 8 or 16 bytes.
        if (der.length == 0 || der.length % 8 != 0) {
            throw new KeyProblem(DAMAGED);
        }
        return new KeyText(label, algorithm, rest.substring(0, ivLength), der);
    }

    private static KeyText bare(String text) {
        if (text.contains("-----BEGIN ")) {
            throw new KeyProblem(
                    "has the BEGIN line of a PEM but no END line for it: it is cut short, or only its first line is there");
        }
        if (text.contains("-----END ")) {
            throw new KeyProblem("has the END line of a PEM but no BEGIN line: its beginning is missing");
        }
        boolean base64 = BASE64_WITH_BLANKS.matcher(text).matches();
        if (base64 && INNER_BLANK.matcher(text).find()) {
            throw new KeyProblem(SPACES);
        }
        byte[] der = decoded(text);
        if (der.length >= SHORTEST_KEY || (der.length > 0 && der[0] == 0x30)) {
            return new KeyText(null, null, null, whole(der));
        }
        if (text.isEmpty()) {
            throw new KeyProblem("is empty, or the file that it names is");
        }
        throw base64 ? new KeyProblem(DAMAGED) : notAKey(text);
    }

    /** Empty if it is not base64. The decoder's own message would quote a character of the key. */
    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(BLANKS.matcher(base64).replaceAll(""));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] whole(byte[] der) {
        ASN1Primitive parsed = parsed(der);
        String problem = parsed == null ? DAMAGED : whatIsNoKey(parsed);
        if (problem != null) {
            throw new KeyProblem(problem);
        }
        return der;
    }

    /** Null if it is not complete DER. */
    private static @Nullable ASN1Primitive parsed(byte[] der) {
        try {
            return ASN1Primitive.fromByteArray(der);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** The files that are often confused with the key; null if it may be a key. */
    private static @Nullable String whatIsNoKey(@Nullable ASN1Primitive parsed) {
        if (!(parsed instanceof ASN1Sequence sequence) || sequence.size() < 3) {
            return null;
        }
        boolean nested = sequence.getObjectAt(1) instanceof ASN1Sequence;
        if (nested && sequence.getObjectAt(0) instanceof ASN1Integer version && version.hasValue(3)) {
            return PKCS12;
        }
        return nested
                        && sequence.getObjectAt(0) instanceof ASN1Sequence
                        && sequence.getObjectAt(2) instanceof ASN1BitString
                ? CERTIFICATE
                : null;
    }

    private static KeyProblem notAKey(String text) {
        if (text.startsWith("PuTTY-User-Key-File")) {
            return new KeyProblem("is in PuTTY's own format: let PuTTYgen export it as an OpenSSH key in PEM format");
        }
        if (text.startsWith("ssh-")) {
            return new KeyProblem("is a public key of OpenSSH: it has to be PEM or base64");
        }
        return new KeyProblem(
                text.length() < 256
                        ? "is neither PEM nor base64, nor is the file that it names: write a path as file:/path/to/key.pem"
                        : "is neither PEM nor base64 of a key, nor is the file that it names");
    }

    /** The PEM to parse; only for a key that had a BEGIN line. */
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
