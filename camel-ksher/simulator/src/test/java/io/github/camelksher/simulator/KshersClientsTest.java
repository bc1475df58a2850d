/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.protocol.ApiCall;
import io.github.camelksher.simulator.protocol.ReplyFields;
import io.github.camelksher.simulator.protocol.RsaPem;
import io.github.camelksher.simulator.protocol.Signatures;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ksher's own clients, each with its own form of the four calls and its own checks of replies. */
class KshersClientsTest {

    private static final String KEY = RsaPem.write(unequalPrimes());

    /** A client, as Ksher's documentation and its requests describe it. */
    enum Client {
        PYTHON_SDK("GET", "20261123120000", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", false, Signatures.MD5, "405"),
        OLDER_PHP("GET", "2026112312000042S", "", false, Signatures.MD5, "405"),
        JAVA("POST", "20261123120000", "4", false, Signatures.MD5, null),
        GO("POST", "202611231200001234S", "4", false, Signatures.MD5, null),
        DOT_NET("POST", "20261123120000", "", true, Signatures.MD5, "sign is not hex in lower case"),
        NODE("POST", "1795435200123", "", false, Signatures.MD5, "time_stamp is not yyyyMMddHHmmss"),
        TYPESCRIPT("POST", "20261123120000", "", false, Signatures.MD5, null),
        WOOCOMMERCE("POST", "1795435200", "", false, Signatures.SHA1, "time_stamp is not yyyyMMddHHmmss");

        private final String method;
        private final String time;
        private final String nonce;
        private final boolean upperCase;
        private final String hash;
        /** Null if it sends what the pages ask for. */
        private final @Nullable String refusedByStrict;

        /** {@code nonce} is one for all calls, or the length of a fresh one; empty is 32. */
        Client(
                String method,
                String time,
                String nonce,
                boolean upperCase,
                String hash,
                @Nullable String refusedByStrict) {
            this.method = method;
            this.time = time;
            this.nonce = nonce;
            this.upperCase = upperCase;
            this.hash = hash;
            this.refusedByStrict = refusedByStrict;
        }

        boolean wantsSignedCancel() {
            return this == NODE || this == GO || this == DOT_NET || this == TYPESCRIPT;
        }

        boolean usesV2() {
            return this == TYPESCRIPT;
        }

        private String nonce() {
            if (nonce.length() == 32) {
                return nonce;
            }
            String fresh = ReplyFields.nonce();
            return nonce.isEmpty() ? fresh : fresh.substring(0, Integer.parseInt(nonce));
        }

        private Merchant.Received call(KsherSimulator ksher, String operation, String order) throws Exception {
            Map<String, String> form = new TreeMap<>();
            form.put("appid", ksher.appId());
            form.put("mch_order_no", order);
            form.put("nonce_str", nonce());
            form.put("time_stamp", time);
            if (operation.equals("orderClose")) {
                form.put("operator_id", "7");
            }
            PrivateKey key = RsaPem.readPrivate(KEY).getPrivate();
            String sign = Signatures.sign(Signatures.canonical(form), key, hash);
            form.put("sign", upperCase ? sign.toUpperCase(Locale.ROOT) : sign);
            String url = ksher.apiUrl().replace("/KsherPay", ApiCall.ofOperation(operation).path);
            HttpRequest.Builder request = method.equals("GET")
                    ? HttpRequest.newBuilder(URI.create(url + "?" + Merchant.encode(form)))
                    : HttpRequest.newBuilder(URI.create(url))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(Merchant.encode(form)));
            if (usesV2()) {
                request.header("ksher-sign-version", "V2");
            }
            return new Merchant(ksher).send(request.build());
        }
    }

    @RegisterExtension
    static final KsherSimulatorExtension KSHER =
            new KsherSimulatorExtension(KsherSimulator.builder().merchantKey(KEY));

    @RegisterExtension
    static final KsherSimulatorExtension SIGNED = new KsherSimulatorExtension(
            KsherSimulator.builder().merchantKey(KEY).signedCancels());

    @RegisterExtension
    static final KsherSimulatorExtension STRICT = new KsherSimulatorExtension(
            KsherSimulator.builder().merchantKey(KEY).strict());

    @ParameterizedTest
    @EnumSource(Client.class)
    void itsFormOfTheFourCallsIsTakenAndItsChecksPass(Client client) throws Exception {
        KsherSimulator ksher = (client.wantsSignedCancel() ? SIGNED : KSHER).simulator();
        ksher.open(KsherOrder.of("A1"));
        ksher.open(KsherOrder.gateway("G1"));
        assertResult(client, ksher, "orderQuery", "A1", "NOTPAY");
        assertResult(client, ksher, "orderClose", "A1", "SUCCESS");
        assertResult(client, ksher, "gatewayQuery", "G1", "NOTSURE");
        if (client.wantsSignedCancel()) {
            assertResult(client, ksher, "gatewayCancel", "G1", "SUCCESS");
        } else {
            assertThat(client.call(ksher, "gatewayCancel", "G1").code()).isZero();
        }
        assertResult(client, ksher, "gatewayQuery", "G1", "CLOSED");
        assertThat(ksher.calls()).extracting(CallRecord::error).containsOnlyNulls();
    }

    @ParameterizedTest
    @EnumSource(
            value = Client.class,
            names = {"NODE", "GO", "DOT_NET", "TYPESCRIPT"})
    void theCancelOfKshersPageIsNotWhatTheFourWithThisCallExpect(Client client) throws Exception {
        KSHER.simulator().open(KsherOrder.gateway("G1"));
        Merchant.Received reply = client.call(KSHER.simulator(), "gatewayCancel", "G1");
        assertThat(reply.json().get("data").isTextual()).isTrue();
        assertThat(reply.json().has("sign")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void strictTakesOnlyWhatThePagesAskFor(Client client) throws Exception {
        KsherSimulator ksher = STRICT.simulator();
        ksher.open(KsherOrder.of("A1"));
        Merchant.Received reply = client.call(ksher, "orderQuery", "A1");
        if (client.refusedByStrict == null) {
            assertThat(reply.result()).isEqualTo("NOTPAY");
        } else if (client.refusedByStrict.equals("405")) {
            assertThat(reply.http().statusCode()).isEqualTo(405);
            assertThat(reply.http().headers().firstValue("Allow")).hasValue("POST");
        } else {
            assertThat(reply.code()).isEqualTo(-2);
            assertThat(ksher.calls()).extracting(CallRecord::error).containsExactly(client.refusedByStrict);
        }
    }

    @Test
    void strictDoesNotTakeAHashOtherThanMd5() throws Exception {
        Merchant merchant = new Merchant(STRICT.simulator());
        Map<String, String> form = merchant.form("A1");
        form.put(
                "sign",
                Signatures.sign(
                        Signatures.canonical(form), RsaPem.readPrivate(KEY).getPrivate(), Signatures.SHA1));
        assertThat(merchant.post("orderQuery", form).code()).isEqualTo(-2);
    }

    @Test
    void keysWithPrimesOfUnequalLengthAreRead() {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) RsaPem.readPrivate(KEY).getPrivate();
        assertThat(key.getPrimeP().bitLength()).isEqualTo(544);
        assertThat(key.getPrimeQ().bitLength()).isEqualTo(480);
        assertThat(KSHER.simulator().merchantKey()).isEqualTo(KEY);
    }

    private static void assertResult(Client client, KsherSimulator ksher, String operation, String order, String result)
            throws Exception {
        Merchant.Received reply = client.call(ksher, operation, order);
        assertThat(reply.code()).isZero();
        assertThat(reply.verifies(client.usesV2() ? ksher.publicKeyV2() : ksher.publicKey()))
                .isTrue();
        assertThat(reply.result()).isEqualTo(result);
        assertThat(reply.data()).containsEntry("mch_order_no", order);
    }

    /** As Ksher's demo keys: 1024 bits, with primes of 544 and 480 bits. */
    private static PrivateKey unequalPrimes() {
        Random random = new Random(7);
        BigInteger e = BigInteger.valueOf(65537);
        while (true) {
            BigInteger p = BigInteger.probablePrime(544, random);
            BigInteger q = BigInteger.probablePrime(480, random);
            BigInteger p1 = p.subtract(BigInteger.ONE);
            BigInteger q1 = q.subtract(BigInteger.ONE);
            BigInteger n = p.multiply(q);
            if (n.bitLength() != 1024 || !p1.multiply(q1).gcd(e).equals(BigInteger.ONE)) {
                continue;
            }
            BigInteger d = e.modInverse(p1.multiply(q1));
            try {
                return KeyFactory.getInstance("RSA")
                        .generatePrivate(
                                new RSAPrivateCrtKeySpec(n, e, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p)));
            } catch (java.security.GeneralSecurityException failure) {
                throw new AssertionError(failure);
            }
        }
    }
}
