/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
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
import org.junit.jupiter.params.provider.Arguments;
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

    /** Only the first line, as a properties file or Docker's env file keeps it. */
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
                .hasMessageContaining("privateKeyPassword looks like an unresolved placeholder")
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

    private static byte[] bytes(String name) {
        try (var in = RsaKeysTest.class.getResourceAsStream("/keys/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] der(String pemFile) {
        return Base64.getDecoder().decode(bare(file(pemFile)));
    }

    private static byte[] keystore(String type) {
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, "changeit".toCharArray());
            return out.toByteArray();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] certificate() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes("tls-loopback.p12")), "changeit".toCharArray());
            return store.getCertificate(store.aliases().nextElement()).getEncoded();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Stream<Arguments> otherFiles() {
        String pem = file("pkcs1.pem");
        String openssh = pem("OPENSSH PRIVATE KEY", utf8("openssh-key-v1\0" + "none".repeat(40)));
        return Stream.of(
                Arguments.of("PKCS#1 as DER", der("pkcs1.pem"), "openssl pkey -inform DER"),
                Arguments.of("PKCS#8 as DER", der("pkcs8.pem"), "openssl pkey -inform DER"),
                Arguments.of("an encrypted key as DER", der("pkcs8-aes256.pem"), "openssl pkey -inform DER"),
                Arguments.of("half a DER key", Arrays.copyOf(der("pkcs1.pem"), 300), "openssl pkey -inform DER"),
                Arguments.of("a public key as DER", der("public-spki.pem"), "openssl pkey -inform DER"),
                Arguments.of("PKCS#12", bytes("tls-loopback.p12"), "openssl pkcs12"),
                Arguments.of(
                        "PKCS#12 as base64", Base64.getEncoder().encode(bytes("tls-loopback.p12")), "openssl pkcs12"),
                Arguments.of("JKS", keystore("JKS"), "keytool -importkeystore"),
                Arguments.of("JCEKS", keystore("JCEKS"), "keytool -importkeystore"),
                Arguments.of("another binary file", new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xff}, "binary"),
                Arguments.of("a certificate", utf8(pem("CERTIFICATE", certificate())), "a certificate"),
                Arguments.of("a certificate as DER", certificate(), "a certificate"),
                Arguments.of("a certificate as base64", Base64.getEncoder().encode(certificate()), "a certificate"),
                Arguments.of("a public key", utf8(file("public-spki.pem")), "is a public key"),
                Arguments.of("a public key as PKCS#1", utf8(file("public-pkcs1.pem")), "is a public key"),
                Arguments.of("a public key as base64", utf8(bare(file("public-spki.pem"))), "is a public key"),
                Arguments.of("PKCS#1 public as base64", utf8(bare(file("public-pkcs1.pem"))), "is a public key"),
                Arguments.of("OpenSSH's format", utf8(openssh), "ssh-keygen -p -m PEM"),
                Arguments.of(
                        "OpenSSH's public key", utf8("ssh-rsa " + "AAAAB3NzaC1yc2EA".repeat(20) + " x@y"), "OpenSSH"),
                Arguments.of("PuTTY's format", utf8("PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n"), "PuTTYgen"),
                Arguments.of("an EC key", utf8(file("ec.pem")), "RSA key"),
                Arguments.of(
                        "an EC key with parameters", utf8(pem("EC PARAMETERS", new byte[] {6, 1, 1})), "is an EC key"),
                Arguments.of("nothing", new byte[0], "is empty"),
                Arguments.of("blanks", utf8("\r\n  \n"), "is empty"),
                Arguments.of("the first line", utf8(pem.substring(0, 32)), "no END line"),
                Arguments.of("the first half", utf8(pem.substring(0, pem.length() / 2)), "no END line"),
                Arguments.of(
                        "all but the last dashes", utf8(pem.strip().substring(0, pem.length() - 8)), "no END line"),
                Arguments.of("the second half", utf8(pem.substring(pem.length() / 2)), "no BEGIN line"),
                Arguments.of(
                        "without a line within", utf8(pem.replaceFirst("\n.{64}\n", "\n")), "damaged or cut short"),
                Arguments.of("cut base64", utf8(bare(pem).substring(0, 400)), "damaged or cut short"),
                Arguments.of("base64 cut within a group", utf8(bare(pem).substring(0, 401)), "damaged or cut short"),
                Arguments.of("a web page", utf8("<html>not found</html>"), "neither PEM nor base64"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherFiles")
    void saysWhatIsThereInsteadOfAKey(String what, byte[] file, String expected) {
        assertThatThrownBy(() -> RsaKeys.privateKey(RsaKeys.text(file), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageContaining(expected)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("[A-Za-z0-9+/]{24}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"})
    void readsAFileInEitherUnicodeFormWithAndWithoutItsMark(String charset) {
        for (String text : new String[] {file("pkcs1.pem"), bare(file("pkcs1.pem"))}) {
            for (String mark : new String[] {"", "\uFEFF"}) {
                byte[] written = (mark + text).getBytes(Charset.forName(charset));
                assertThat(RsaKeys.privateKey(RsaKeys.text(written), null).getModulus())
                        .isEqualTo(MODULUS);
            }
        }
    }

    @Test
    void aCommentInAnOldCharsetDoesNotMakeAPemBinary() {
        byte[] file = ("friendlyName: Schl\u00fcssel\n" + file("pkcs1.pem")).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(RsaKeys.privateKey(RsaKeys.text(file), null).getModulus()).isEqualTo(MODULUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkcs1.pem", "pkcs8.pem"})
    void saysThatAPrivateKeyIsNoPublicOne(String name) {
        for (String text : new String[] {file(name), bare(file(name))}) {
            assertThatThrownBy(() -> RsaKeys.publicKey(text)).hasMessageContaining("is a private key");
        }
    }
}
