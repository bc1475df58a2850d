/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.security.KeyPair;

/** The simulated Ksher's own two keys: V1 with 512 bits, V2 with 2048. */
public record KsherKeys(KeyPair v1, KeyPair v2) {

    public static KsherKeys generate() {
        return new KsherKeys(RsaPem.generate(512), RsaPem.generate(2048));
    }

    public String publicV1() {
        return RsaPem.write(v1.getPublic());
    }

    public String publicV2() {
        return RsaPem.writePkcs1(v2.getPublic());
    }

    public String sign(byte[] text, boolean withV2) {
        return Signatures.sign(text, (withV2 ? v2 : v1).getPrivate());
    }

    @Override
    public String toString() {
        return "KsherKeys";
    }
}
