/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.support;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A merchant's key, made for one test, which tells its own signatures from those of others. */
public final class MerchantKey {

    private final KeyPair pair;

    public MerchantKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(512);
        pair = generator.generateKeyPair();
    }

    /** The private key, as PKCS#8 in base64. */
    public String text() {
        return Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    }

    /** The public key, as SPKI in base64. */
    public String publicText() {
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    public boolean signed(Http.Request request) throws GeneralSecurityException {
        String text = new TreeMap<>(request.form())
                .entrySet().stream()
                        .filter(field -> !field.getKey().equals("sign"))
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining());
        Signature signature = Signature.getInstance("MD5withRSA");
        signature.initVerify(pair.getPublic());
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        return signature.verify(HexFormat.of().parseHex(request.form().get("sign")));
    }
}
