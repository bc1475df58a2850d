/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/** RSA keys to PEM and back. No message shows any of a key. */
public final class RsaPem {

    private RsaPem() {}

    public static KeyPair generate(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A merchant's key, private or public; a public one is a pair without its private half. */
    public static KeyPair read(String pem) {
        return pem.contains("PRIVATE KEY") ? readPrivate(pem) : new KeyPair(readPublic(pem), null);
    }

    /** SPKI ({@code PUBLIC KEY}) or PKCS#1 ({@code RSA PUBLIC KEY}). */
    public static PublicKey readPublic(String pem) {
        try {
            if (parse(pem) instanceof SubjectPublicKeyInfo info) {
                return new JcaPEMKeyConverter().getPublicKey(info);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("unreadable public key: not an RSA key in PEM");
        }
        throw new IllegalArgumentException("not a public key in PEM: needs BEGIN PUBLIC KEY or BEGIN RSA PUBLIC KEY");
    }

    /** PKCS#1 ({@code RSA PRIVATE KEY}) or PKCS#8 ({@code PRIVATE KEY}), unencrypted. */
    public static KeyPair readPrivate(String pem) {
        try {
            Object parsed = parse(pem);
            if (parsed instanceof PEMKeyPair pair) {
                return new JcaPEMKeyConverter().getKeyPair(pair);
            }
            if (parsed instanceof PrivateKeyInfo info
                    && new JcaPEMKeyConverter().getPrivateKey(info) instanceof RSAPrivateCrtKey key) {
                RSAPublicKeySpec half = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
                return new KeyPair(KeyFactory.getInstance("RSA").generatePublic(half), key);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("unreadable private key: not an RSA key in PEM");
        }
        throw new IllegalArgumentException(
                "not an unencrypted private key in PEM: needs BEGIN RSA PRIVATE KEY or BEGIN PRIVATE KEY");
    }

    /** PKCS#1 of a private key, SPKI of a public one. */
    public static String write(Key key) {
        return writeObject(key);
    }

    /** PKCS#1. */
    public static String writePkcs1(PublicKey key) {
        try {
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(key.getEncoded());
            return writeObject(
                    new PemObject("RSA PUBLIC KEY", info.parsePublicKey().getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Object parse(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return parser.readObject();
        }
    }

    private static String writeObject(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }
}
