/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import io.github.camelksher.crypto.RequestSigner;
import io.github.camelksher.crypto.RsaKeys;
import io.github.camelksher.crypto.Signatures;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import java.util.Base64;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the option signatureProvider is about. */
@State(Scope.Benchmark)
@NullUnmarked // JMH sets the parameters and calls the set-up
public class PartsSignatureBenchmark {

    static final String JDK = "JDK";
    static final String CONSCRYPT = "Conscrypt";

    @Param({JDK, CONSCRYPT})
    public String provider;

    /** Ksher's V1 key has 512 and its V2 key 2048; merchants have any. */
    @Param({"512", "1024", "2048"})
    public int bits;

    private final byte[] text = "name=value".repeat(30).getBytes(StandardCharsets.UTF_8);
    private RequestSigner signer;
    private ReplyVerifier verifier;
    private String sign;

    @Setup
    public void setUp() throws Exception {
        if (provider.equals(CONSCRYPT)) {
            Security.addProvider(conscrypt());
        }
        KeyPair keys = Responder.keys(bits);
        Signatures signatures = Signatures.by(provider.equals(JDK) ? null : provider);
        signer = new RequestSigner(RsaKeys.privateKey(base64(keys.getPrivate().getEncoded()), null), signatures);
        verifier = new ReplyVerifier(RsaKeys.publicKey(base64(keys.getPublic().getEncoded())), signatures);
        sign = signer.sign(text);
        if (verify() != Verdict.VERIFIED) {
            throw new IllegalStateException("its own signature does not verify");
        }
    }

    private static String base64(byte[] key) {
        return Base64.getEncoder().encodeToString(key);
    }

    /** It brings native code, which not every machine can load. */
    static Provider conscrypt() throws ReflectiveOperationException {
        return Class.forName("org.conscrypt.OpenSSLProvider")
                .asSubclass(Provider.class)
                .getConstructor()
                .newInstance();
    }

    @Benchmark
    public String sign() {
        return signer.sign(text);
    }

    @Benchmark
    public Verdict verify() {
        return verifier.verify(text, sign);
    }
}
