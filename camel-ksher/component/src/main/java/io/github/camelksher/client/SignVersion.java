/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

/** Which of Ksher's two key pairs signs the replies. Requests are signed the same way for both. */
public enum SignVersion {
    /** The 512-bit key that every SDK uses. */
    V1("MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL7955OCuN4I8eYNL/mixZWIXIgCvIVEivlxqdpiHPcOLdQ2RPSx/pORpsUu/E9wz0mYS2PY7hNc"
            + "2mBgBOQT+wUCAwEAAQ=="),
    /** The 2048-bit key; asked for by the request header {@code ksher-sign-version: V2}. */
    V2("MIIBCgKCAQEA3WvHCgE/NVHjWG+IzjB2OeWFwjQJFPEi/O1AFaiLdsyXgQ8sROIMpp7iyhbubKf+aNFdJx4+hwbVSd3BAUUdKQJyovdqjF0D"
            + "LLrk0QLUZAnEX7lylugtVL+eCKRhI8UzXxEFMt8vrhw1p9oaxBK/0mXcqUGvtM7hNAZo9jdfB/l+gAf6X3jR1gj7lsz190A+FfDwzIhC"
            + "WK8FcdroW7A00KAcCdAadzNdn16UNj4G0kGXhAMf+175gTFuVuiZx1oSaInrOgnl05qqixTbrdm/BqwbFWGGYX1B6yKM0/Vus3DqkwgX"
            + "r1q+bWPtM3sDOQuQmkbo/jQbkMv+Ab8ij2f1gwIDAQAB");

    /** Ksher's public key, base64. */
    final String publicKey;

    SignVersion(String publicKey) {
        this.publicKey = publicKey;
    }
}
