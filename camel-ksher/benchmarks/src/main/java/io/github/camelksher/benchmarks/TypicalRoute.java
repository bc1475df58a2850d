/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.model.dataformat.JsonLibrary;

/** What people write today: a bean that signs, camel-http as it comes, a Map, a bean that verifies. */
final class TypicalRoute extends CamelVariant {

    TypicalRoute(Target target) throws Exception {
        super(target);
        Signing signing = new Signing(target.merchantKey(), target.ksherPublicKey());
        context()
                .getComponent(target.tls() ? "https" : "http", HttpComponent.class)
                .setUseGlobalSslContextParameters(target.tls());
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:query")
                        .bean(signing, "sign")
                        .setHeader(Exchange.HTTP_METHOD, constant("POST"))
                        .setHeader(Exchange.CONTENT_TYPE, constant("application/x-www-form-urlencoded"))
                        .to(target.url())
                        .unmarshal()
                        .json(JsonLibrary.Jackson, Map.class)
                        .bean(signing, "verify");
            }
        });
    }

    @Override
    public String query(String order) throws Exception {
        return send("order", order).getMessage().getBody(String.class);
    }

    /** The bean. */
    @SuppressWarnings("JavaUtilDate") // as people write it
    public static final class Signing {

        private final PrivateKey key;
        private final PublicKey ksher;

        Signing(PrivateKey key, PublicKey ksher) {
            this.key = key;
            this.ksher = ksher;
        }

        /** Makes the form. */
        public void sign(Exchange exchange) throws Exception {
            TreeMap<String, String> parameters = new TreeMap<>();
            parameters.put("appid", Target.APP_ID);
            parameters.put("mch_order_no", exchange.getIn().getHeader("order", String.class));
            parameters.put("nonce_str", UUID.randomUUID().toString().replace("-", ""));
            parameters.put("time_stamp", new SimpleDateFormat("yyyyMMddHHmmss", Locale.ROOT).format(new Date()));
            Signature signature = Signature.getInstance("MD5withRSA");
            signature.initSign(key);
            signature.update(text(parameters));
            StringBuilder hex = new StringBuilder();
            for (byte b : signature.sign()) {
                hex.append(String.format(Locale.ROOT, "%02x", b));
            }
            parameters.put("sign", hex.toString());
            exchange.getIn()
                    .setBody(parameters.entrySet().stream()
                            .map(parameter -> parameter.getKey() + "="
                                    + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                            .collect(Collectors.joining("&")));
        }

        /** Leaves the result, if the signature verifies. */
        public void verify(Exchange exchange) throws Exception {
            Map<?, ?> reply = exchange.getIn().getBody(Map.class);
            Map<?, ?> data = (Map<?, ?>) Objects.requireNonNull(reply.get("data"));
            Signature signature = Signature.getInstance("MD5withRSA");
            signature.initVerify(ksher);
            signature.update(text(new TreeMap<>(data)));
            byte[] sign = new BigInteger(String.valueOf(reply.get("sign")), 16).toByteArray();
            int length = String.valueOf(reply.get("sign")).length() / 2;
            byte[] bytes = new byte[length];
            int from = Math.max(0, sign.length - length);
            System.arraycopy(sign, from, bytes, length - (sign.length - from), sign.length - from);
            if (!signature.verify(bytes)) {
                throw new SecurityException("bad signature");
            }
            exchange.getIn().setBody(data.get("result"));
        }

        private static byte[] text(Map<?, ?> parameters) {
            return parameters.entrySet().stream()
                    .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
