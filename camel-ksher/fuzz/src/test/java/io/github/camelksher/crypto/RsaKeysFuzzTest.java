/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;

/** Any text as a key: read or refused in our own words, soon, and without showing it. */
class RsaKeysFuzzTest {

    private static final Signatures SIGNATURES = Signatures.by(null);
    private static final byte[] TEXT = "appid=mch1".getBytes(StandardCharsets.UTF_8);

    /** What follows a NUL is the password. */
    @FuzzTest
    void anyTextIsAKeyOrRefused(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        int nul = text.indexOf('\0');
        String password = nul < 0 ? "secret" : text.substring(nul + 1);
        String key = nul < 0 ? text : text.substring(0, nul);
        privateKey(key, null);
        privateKey(key, password);
        publicKey(key);
        file(input);
    }

    private static void file(byte[] input) {
        String text;
        try {
            text = RsaKeys.text(input);
        } catch (KeyProblem e) {
            refused(e, new String(input, StandardCharsets.ISO_8859_1));
            return;
        }
        privateKey(text, null);
    }

    private static void privateKey(String text, String password) {
        RSAPrivateKey key;
        try {
            key = RsaKeys.privateKey(text, password);
        } catch (KeyProblem e) {
            refused(e, text);
            return;
        }
        assertThat(key.getModulus().bitLength()).isBetween(512, 16_384);
        if (key.getModulus().bitLength() <= 4_096) {
            try {
                assertThat(new RequestSigner(key, SIGNATURES).sign(TEXT)).matches("[0-9a-f]{128,}");
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageStartingWith("the option privateKey").hasNoCause();
            }
        }
    }

    private static void publicKey(String text) {
        RSAPublicKey key;
        try {
            key = RsaKeys.publicKey(text);
        } catch (KeyProblem e) {
            refused(e, text);
            return;
        }
        int bits = key.getModulus().bitLength();
        assertThat(bits).isBetween(512, 16_384);
        ReplyVerifier verifier = new ReplyVerifier(key, SIGNATURES);
        assertThat(verifier.verify(TEXT, "0".repeat((bits + 7) / 8 * 2 - 1) + "2"))
                .isEqualTo(Verdict.MISMATCH);
        assertThat(verifier.verify(TEXT, "f".repeat((bits + 7) / 8 * 2))).isEqualTo(Verdict.MISMATCH);
        assertThat(verifier.verify(TEXT, "1")).isEqualTo(Verdict.MALFORMED);
    }

    private static void refused(KeyProblem problem, String text) {
        assertThat(problem).hasNoCause();
        assertThat(problem.getMessage())
                .matches("[ -~]+")
                .hasSizeLessThan(250)
                .doesNotContainPattern("[A-Za-z0-9+/]{24}");
        for (String line : text.split("\\R", 100)) {
            if (line.length() >= 12) {
                assertThat(problem.getMessage()).doesNotContain(line);
            }
        }
    }
}
