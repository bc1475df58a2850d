/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Reads RSA keys in all forms that Ksher and OpenSSL write. An unreadable key is an
 * {@link IllegalArgumentException} whose message is to follow the option's name in a sentence. It
 * has no cause, since parsers quote the key.
 */
public final class RsaKeys {

    // Not registered: it only decrypts keys in formats that the JDK does not know.
    private static final Provider BC = new BouncyCastleProvider();
    private static final AlgorithmIdentifier RSA =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);

    /** Several times the number that is recommended; takes a few seconds. */
    private static final BigInteger MAX_ROUNDS = BigInteger.valueOf(5_000_000);
    /** In blocks of 128 bytes: 32 MiB, OpenSSL's own limit. */
    private static final BigInteger MAX_SCRYPT_BLOCKS = BigInteger.valueOf(1 << 18);

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{.*}|\\{\\{.*}}|\\$\\w+|%\\w+%|@[\\w.-]+@");

    private static final String PUBLIC_KEY = "is a public key where the merchant's private key is expected";

    private static final String SCRYPT = "1.3.6.1.4.1.11591.4.11";

    private RsaKeys() {}

    /**
     * Decodes a key file for {@link #privateKey} or {@link #publicKey}.
     *
     * @param file PEM or base64 in UTF-8 or UTF-16
     * @throws IllegalArgumentException if it is binary, such as DER or a keystore, saying how to
     *     convert it
     */
    public static String text(byte[] file) {
        return KeyText.ofFile(file);
    }

    /**
     * Reads a merchant's private key.
     *
     * @param text PKCS#1 or PKCS#8, as PEM or base64, encrypted or not
     * @param password for an encrypted key, else ignored
     * @throws IllegalArgumentException if it is not a readable RSA private key
     */
    public static RSAPrivateKey privateKey(String text, @Nullable String password) {
        KeyText key = KeyText.of(text);
        try {
            PrivateKeyInfo info = key.label() == null
                    ? privateKeyInfo(ASN1Primitive.fromByteArray(key.der()), password)
                    : privateKeyInfo(parse(key), password);
            if (!PKCSObjectIdentifiers.rsaEncryption.equals(
                    info.getPrivateKeyAlgorithm().getAlgorithm())) {
                throw new KeyProblem("is not an RSA key");
            }
            return (RSAPrivateKey)
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (KeyProblem e) {
            throw e;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new KeyProblem("is not a readable RSA private key");
        }
    }

    /**
     * Reads a public key.
     *
     * @param text SPKI or PKCS#1, as PEM or base64
     * @throws IllegalArgumentException if it is not a readable RSA public key
     */
    public static RSAPublicKey publicKey(String text) {
        KeyText key = KeyText.of(text);
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(key.der()));
            boolean bareAndPrivate = sequence.size() > 2 && sequence.getObjectAt(0) instanceof ASN1Integer;
            if (bareAndPrivate || (key.label() != null && key.label().contains("PRIVATE"))) {
                throw new KeyProblem("is a private key where a public key is expected");
            }
            SubjectPublicKeyInfo info = sequence.getObjectAt(0) instanceof ASN1Sequence
                    ? SubjectPublicKeyInfo.getInstance(sequence)
                    : new SubjectPublicKeyInfo(RSA, org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(sequence));
            return (RSAPublicKey)
                    KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
        } catch (KeyProblem e) {
            throw e;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new KeyProblem("is not a readable RSA public key");
        }
    }

    private static Object parse(KeyText key) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(key.pem()))) {
            Object parsed = parser.readObject();
            if (parsed == null) {
                throw new IOException("no PEM object");
            }
            return parsed;
        }
    }

    private static PrivateKeyInfo privateKeyInfo(Object parsed, @Nullable String password) throws IOException {
        if (parsed instanceof PrivateKeyInfo info) {
            return info;
        }
        if (parsed instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        if (parsed instanceof SubjectPublicKeyInfo) {
            throw new KeyProblem(PUBLIC_KEY);
        }
        if (parsed instanceof PEMEncryptedKeyPair || parsed instanceof PKCS8EncryptedPrivateKeyInfo) {
            return decrypt(parsed, password);
        }
        if (parsed instanceof ASN1Sequence sequence && sequence.size() > 1) {
            // In bare base64 an algorithm is second in PKCS#8 and first in encrypted
            // PKCS#8; PKCS#1 has none.
            if (sequence.getObjectAt(0) instanceof ASN1Sequence) {
                if (sequence.getObjectAt(1) instanceof ASN1BitString) {
                    throw new KeyProblem(PUBLIC_KEY);
                }
                return decrypt(
                        new PKCS8EncryptedPrivateKeyInfo(EncryptedPrivateKeyInfo.getInstance(sequence)), password);
            }
            if (sequence.size() == 2) {
                throw new KeyProblem(PUBLIC_KEY);
            }
            return sequence.getObjectAt(1) instanceof ASN1Sequence
                    ? PrivateKeyInfo.getInstance(sequence)
                    : new PrivateKeyInfo(RSA, sequence);
        }
        throw new KeyProblem("is not an RSA private key");
    }

    private static PrivateKeyInfo decrypt(Object encrypted, @Nullable String password) {
        if (password == null || password.isEmpty()) {
            throw new KeyProblem("is encrypted: set the option privateKeyPassword");
        }
        if (encrypted instanceof PKCS8EncryptedPrivateKeyInfo info && isTooCostly(info)) {
            throw new KeyProblem(
                    "is encrypted with so many rounds that it would take minutes to read: encrypt it again, as"
                            + " openssl pkcs8 -topk8 does");
        }
        char[] secret = password.toCharArray();
        try {
            if (encrypted instanceof PEMEncryptedKeyPair pair) {
                return pair.decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                                .setProvider(BC)
                                .build(secret))
                        .getPrivateKeyInfo();
            }
            return ((PKCS8EncryptedPrivateKeyInfo) encrypted)
                    .decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                            .setProvider(BC)
                            .build(secret));
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
            // Only after a failure, since a real password may look like a placeholder.
            throw new KeyProblem(
                    PLACEHOLDER.matcher(password).matches()
                            ? "cannot be decrypted: the option privateKeyPassword looks like an unresolved placeholder"
                            : "cannot be decrypted: check the option privateKeyPassword, and that the key is complete");
        }
    }

    /** The file itself sets the number of rounds, and so how long its decryption takes. */
    private static boolean isTooCostly(PKCS8EncryptedPrivateKeyInfo info) {
        AlgorithmIdentifier algorithm = info.toASN1Structure().getEncryptionAlgorithm();
        ASN1Encodable parameters = algorithm.getParameters();
        if (PKCSObjectIdentifiers.id_PBES2.equals(algorithm.getAlgorithm())) {
            KeyDerivationFunc function = PBES2Parameters.getInstance(parameters).getKeyDerivationFunc();
            parameters = function.getParameters();
            if (SCRYPT.equals(function.getAlgorithm().getId())) {
                BigInteger memory = number(parameters, 1).multiply(number(parameters, 2));
                return memory.compareTo(MAX_SCRYPT_BLOCKS) > 0
                        || memory.multiply(number(parameters, 3)).compareTo(MAX_ROUNDS) > 0;
            }
        }
        return number(parameters, 1).compareTo(MAX_ROUNDS) > 0;
    }

    private static BigInteger number(ASN1Encodable parameters, int index) {
        return ASN1Integer.getInstance(ASN1Sequence.getInstance(parameters).getObjectAt(index))
                .getValue();
    }
}
