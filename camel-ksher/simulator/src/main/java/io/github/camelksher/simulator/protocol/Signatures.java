/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Ksher's signature: RSA PKCS#1 v1.5 with MD5 over sorted {@code name=value} texts. */
public final class Signatures {

    public static final String MD5 = "MD5withRSA";

    /** The WooCommerce plugin's requests; Ksher itself always signs with MD5. */
    public static final String SHA1 = "SHA1withRSA";

    /** UTF-8 order; {@link String#compareTo} differs from it outside the basic plane. */
    static final Comparator<String> BYTE_ORDER =
            Comparator.comparing(s -> s.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    /** Lists and objects are signed as compact JSON with sorted keys. */
    private static final ObjectMapper NESTED =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private Signatures() {}

    /** The bytes that are signed: all fields but {@code sign}, empty ones included. */
    public static byte[] canonical(Map<String, ?> fields) {
        StringBuilder text = new StringBuilder(512);
        Map<String, Object> sorted = new TreeMap<>(BYTE_ORDER);
        sorted.putAll(fields);
        sorted.remove("sign");
        sorted.forEach((name, value) -> text.append(name).append('=').append(text(value)));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object value) {
        if (!(value instanceof Map || value instanceof List)) {
            return String.valueOf(value);
        }
        try {
            return NESTED.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static String sign(byte[] text, PrivateKey key) {
        return sign(text, key, MD5);
    }

    public static String sign(byte[] text, PrivateKey key, String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            return HexFormat.of().formatHex(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static boolean verifies(byte[] text, String sign, PublicKey key) {
        return verifies(text, sign, key, MD5);
    }

    /** {@code sign} is hex in either case. */
    public static boolean verifies(byte[] text, String sign, PublicKey key, String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(text);
            return signature.verify(HexFormat.of().parseHex(sign));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not hex, or not of the key's length: a wrong signature like any other.
            return false;
        }
    }
}
