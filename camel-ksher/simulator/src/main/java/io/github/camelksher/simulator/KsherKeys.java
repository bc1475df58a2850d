/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.security.KeyPair;

/** The simulated Ksher's own two keys: V1 with 512 bits, V2 with 2048. */
record KsherKeys(KeyPair v1, KeyPair v2) {

    static KsherKeys generate() {
        return new KsherKeys(RsaPem.generate(512), RsaPem.generate(2048));
    }

    String publicV1() {
        return RsaPem.write(v1.getPublic());
    }

    String publicV2() {
        return RsaPem.writePkcs1(v2.getPublic());
    }

    String sign(byte[] text, boolean withV2) {
        return Rsa.sign(text, (withV2 ? v2 : v1).getPrivate());
    }

    @Override
    public String toString() {
        return "KsherKeys";
    }
}
