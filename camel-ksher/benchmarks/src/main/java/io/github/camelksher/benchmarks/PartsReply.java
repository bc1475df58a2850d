/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.Signatures;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.EnvelopeParser;
import io.github.camelksher.wire.MalformedReply;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import java.util.SortedMap;

/** A reply of the length of Ksher's, signed with 512 bits. */
public final class PartsReply {

    private final byte[] body;
    private final ReplyVerifier verifier;

    public PartsReply() {
        try {
            KeyPair keys = Responder.keys(512);
            SortedMap<String, String> data =
                    Responder.paid("mch_order_no=ORDER-1000001&nonce_str=0123456789abcdefghijklmnopqrstuv");
            body = Responder.json(data, new Responder(keys, 0).sign(data)).getBytes(StandardCharsets.UTF_8);
            verifier = new ReplyVerifier((RSAPublicKey) keys.getPublic(), Signatures.by(null));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Envelope parsed() {
        try {
            return EnvelopeParser.parse(body);
        } catch (MalformedReply e) {
            throw new IllegalStateException(e);
        }
    }

    /** Parsed and verified. */
    public OrderQueryReply typed() {
        return new OrderQueryReply(
                Objects.requireNonNull(parsed().verify(verifier).data()));
    }
}
