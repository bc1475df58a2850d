/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RsaKeysTest {

    private static final BigInteger MODULUS =
            RsaKeys.privateKey(file("pkcs1.pem"), null).getModulus();

    private static final ASN1ObjectIdentifier SCRYPT = new ASN1ObjectIdentifier("1.3.6.1.4.1.11591.4.11");
    private static final ASN1ObjectIdentifier AES256_CBC = new ASN1ObjectIdentifier("2.16.840.1.101.3.4.1.42");

    static String file(String name) {
        try (var in = RsaKeysTest.class.getResourceAsStream("/keys/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String bare(String pem) {
        return pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    }

    static Stream<String> plainKeys() {
        return Stream.of("pkcs1.pem", "pkcs8.pem")
                .map(RsaKeysTest::file)
                .flatMap(pem -> Stream.of(
                        pem,
                        pem.replace("\n", "\r\n"),
                        pem.replace("\n", "\\n"),
                        pem.replace("\n", "\\r\\n"),
                        pem.replace("\n", "\\\\n"),
                        pem.replace("\n", ""),
                        pem.replace("\n", " "),
                        pem.replace("\n", "\t"),
                        pem.replace("\n", " \\n "),
                        pem.replace("\n", "\n    "),
                        '"' + pem.replace("\n", " ").strip() + '"',
                        "\uFEFF" + pem,
                        "\uFEFF" + bare(pem),
                        "Bag Attributes\n  friendlyName: x\n" + pem,
                        bare(pem)));
    }

    @ParameterizedTest
    @MethodSource("plainKeys")
    void readsPrivateKeyInEveryForm(String text) {
        assertThat(RsaKeys.privateKey(text, null).getModulus()).isEqualTo(MODULUS);
        assertThat(RsaKeys.privateKey(text, "not needed").getModulus()).isEqualTo(MODULUS);
    }

    static Stream<String> encryptedKeys() {
        return Stream.of("pkcs1-aes256.pem", "pkcs1-des3.pem", "pkcs8-aes256.pem", "pkcs8-des3.pem", "pkcs8-scrypt.pem")
                .map(RsaKeysTest::file)
                .flatMap(pem -> Stream.of(
                        pem,
                        pem.replace("\n", "\\n"),
                        pem.replace("\n", ""),
                        pem.replace("\n", " "),
                        pem.replace("\n", "\t"),
                        pem.replace("\n\n", "\n").replace("\n", " ")));
    }

    @ParameterizedTest
    @MethodSource("encryptedKeys")
    void readsEncryptedKeyWithItsPasswordOnly(String text) {
        assertThat(RsaKeys.privateKey(text, "secret").getModulus()).isEqualTo(MODULUS);
        assertThatThrownBy(() -> RsaKeys.privateKey(text, "wrong")).hasMessageContaining("privateKeyPassword");
        assertThatThrownBy(() -> RsaKeys.privateKey(text, null)).hasMessageContaining("privateKeyPassword");
    }

    @Test
    void readsEncryptedBareBase64() {
        assertThat(RsaKeys.privateKey(bare(file("pkcs8-aes256.pem")), "secret").getModulus())
                .isEqualTo(MODULUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"public-spki.pem", "public-pkcs1.pem"})
    void readsPublicKeyInEveryForm(String name) {
        for (String text : new String[] {
            file(name), file(name).replace("\n", ""), file(name).replace("\n", " "), bare(file(name))
        }) {
            assertThat(RsaKeys.publicKey(text).getModulus()).isEqualTo(MODULUS);
        }
    }

    @Test
    void readsAllKeySizesThatOccur() {
        assertThat(RsaKeys.privateKey(file("rsa512.pem"), null).getModulus().bitLength())
                .isEqualTo(512);
        assertThat(RsaKeys.privateKey(file("rsa2048.pem"), null).getModulus().bitLength())
                .isEqualTo(2048);
    }

    @Test
    void hintsAtRawWhenPlusSignsBecameSpaces() {
        String broken = bare(file("pkcs1.pem")).replace('+', ' ');
        assertThat(broken).contains(" ");
        assertThatThrownBy(() -> RsaKeys.privateKey(broken, null)).hasMessageContaining("RAW(");
        assertThatThrownBy(() ->
                        RsaKeys.privateKey(file("pkcs1.pem").replace("\n", "").replace('+', ' '), null))
                .hasMessageContaining("RAW(");
    }

    /** The first line of a properties file or of Docker's env file, and no more. */
    @Test
    void saysThatThereIsOnlyTheFirstLine() {
        assertThatThrownBy(() -> RsaKeys.privateKey("-----BEGIN RSA PRIVATE KEY-----", null))
                .hasMessageContaining("first line")
                .hasMessageNotContaining("RAW");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${KSHER_PASSWORD}", "{{KSHER_PASSWORD}}", "$KSHER_PASSWORD", "%KSHER_PASSWORD%"})
    void saysThatThePasswordIsAPlaceholder(String password) {
        assertThatThrownBy(() -> RsaKeys.privateKey(file("pkcs8-aes256.pem"), password))
                .hasMessageContaining("privateKeyPassword looks like a placeholder")
                .hasMessageNotContaining("KSHER_PASSWORD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$ecret", "%1%", "${x}", " secret "})
    void aPasswordMayLookLikeAPlaceholderAndEndInABlank(String password) throws IOException {
        StringWriter encrypted = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(encrypted)) {
            pem.writeObject(
                    RsaKeys.privateKey(file("pkcs1.pem"), null),
                    new JcePEMEncryptorBuilder("AES-128-CBC")
                            .setProvider(new BouncyCastleProvider())
                            .build(password.toCharArray()));
        }
        String folded = encrypted.toString().replaceAll("\\s+", " ");
        assertThat(folded).contains("Proc-Type: 4,ENCRYPTED DEK-Info: AES-128-CBC,");
        assertThat(RsaKeys.privateKey(folded, password).getModulus()).isEqualTo(MODULUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/ksher/key.pem", "merchant.pem", "C:\\keys\\key.pem", "/etc/keys/private", "key"})
    void hintsAtFileForBarePath(String path) {
        assertThatThrownBy(() -> RsaKeys.privateKey(path, null)).hasMessageContaining("file:");
    }

    static Stream<String> unusable() {
        String pem = file("pkcs1.pem");
        return Stream.of(
                "",
                "   ",
                pem.substring(0, pem.length() / 2),
                bare(pem).substring(0, 400),
                file("public-spki.pem"),
                bare(file("public-spki.pem")),
                file("ec.pem"),
                "-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----",
                bare(pem).replace('A', '!'));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void refusesWhatIsNoRsaPrivateKeyWithoutShowingIt(String text) {
        assertThatThrownBy(() -> RsaKeys.privateKey(text, "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContainPattern("[A-Za-z0-9+/]{24}"));
    }

    @Test
    void refusesPrivateKeyWherePublicKeyIsExpected() {
        assertThatThrownBy(() -> RsaKeys.publicKey(file("pkcs8.pem"))).hasMessageContaining("private key");
    }

    static Stream<AlgorithmIdentifier> rounds() {
        var pbkdf2 = new PBKDF2Params(new byte[8], Integer.MAX_VALUE);
        return Stream.of(
                pbes2(new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, pbkdf2)),
                pbes2(new KeyDerivationFunc(SCRYPT, scrypt(1 << 20, 1))),
                pbes2(new KeyDerivationFunc(SCRYPT, scrypt(1 << 14, 1_000_000))),
                new AlgorithmIdentifier(
                        PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC,
                        new PKCS12PBEParams(new byte[8], Integer.MAX_VALUE)));
    }

    private static DERSequence scrypt(int blocks, int parallel) {
        return new DERSequence(new ASN1Encodable[] {
            new DEROctetString(new byte[8]), new ASN1Integer(blocks), new ASN1Integer(8), new ASN1Integer(parallel)
        });
    }

    private static AlgorithmIdentifier pbes2(KeyDerivationFunc function) {
        var aes = new EncryptionScheme(AES256_CBC, new DEROctetString(new byte[16]));
        return new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, new PBES2Parameters(function, aes));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    @Timeout(10)
    void refusesKeyThatWouldTakeMinutesToDecrypt(AlgorithmIdentifier algorithm) throws IOException {
        byte[] key = new EncryptedPrivateKeyInfo(algorithm, new byte[64]).getEncoded();
        assertThatThrownBy(() -> RsaKeys.privateKey(Base64.getEncoder().encodeToString(key), "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("so many rounds");
    }

    @Test
    @Timeout(10)
    void refusesTextThatIsLongerThanAnyKeyAtOnce() {
        String text = "-----BEGIN A-----".repeat(60_000);
        assertThatThrownBy(() -> RsaKeys.privateKey(text, null)).hasMessageContaining("longer than any RSA key");
        assertThatThrownBy(() -> RsaKeys.publicKey(text)).hasMessageContaining("longer than any RSA key");
    }
}
