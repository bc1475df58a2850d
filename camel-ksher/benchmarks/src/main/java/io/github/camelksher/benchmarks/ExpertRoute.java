/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.http.common.HttpMethods;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** The same route by someone who has measured it: no conversion, no copy, no cache, a pool as large as it must be. */
final class ExpertRoute extends CamelVariant {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);
    private static final ContentType FORM = ContentType.parse("application/x-www-form-urlencoded; charset=UTF-8");

    private final PrivateKey key;
    private final PublicKey ksher;
    private final SecureRandom random = new SecureRandom();
    private final ObjectReader json = new ObjectMapper().readerFor(Map.class);

    ExpertRoute(Target target, int connections) throws Exception {
        super(target);
        key = target.merchantKey();
        ksher = target.ksherPublicKey();
        HttpComponent http = context().getComponent(target.tls() ? "https" : "http", HttpComponent.class);
        http.setUseGlobalSslContextParameters(target.tls());
        http.setConnectionsPerRoute(connections);
        http.setMaxTotalConnections(connections);
        http.setCookieManagementDisabled(true);
        http.setRedirectHandlingDisabled(true);
        http.setAutomaticRetriesDisabled(true);
        http.setAuthCachingDisabled(true);
        http.setConnectionStateDisabled(true);
        HttpEndpoint endpoint = context().getEndpoint(target.url(), HttpEndpoint.class);
        endpoint.setHttpMethod(HttpMethods.POST);
        endpoint.setCopyHeaders(false);
        endpoint.setSkipRequestHeaders(true);
        endpoint.setSkipResponseHeaders(true);
        endpoint.setDisableStreamCache(true);
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:query")
                        .process(ExpertRoute.this::sign)
                        .to(endpoint)
                        .process(ExpertRoute.this::verify);
            }
        });
    }

    @Override
    public String query(String order) throws Exception {
        return (String) send("order", order).getMessage().getBody();
    }

    private void sign(Exchange exchange) throws GeneralSecurityException {
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("appid", Target.APP_ID);
        parameters.put("mch_order_no", (String) exchange.getMessage().getHeader("order"));
        parameters.put("nonce_str", HexFormat.of().formatHex(nonce));
        parameters.put("time_stamp", TIME.format(LocalDateTime.now(ZoneId.systemDefault())));
        Signature signature = Signature.getInstance("MD5withRSA");
        signature.initSign(key);
        signature.update(text(parameters));
        StringBuilder form = new StringBuilder(512);
        parameters.forEach(
                (name, value) -> form.append(name).append('=').append(value).append('&'));
        form.append("sign=").append(HexFormat.of().formatHex(signature.sign()));
        exchange.getMessage().setBody(new ByteArrayEntity(form.toString().getBytes(StandardCharsets.US_ASCII), FORM));
    }

    private void verify(Exchange exchange) throws Exception {
        Map<?, ?> reply;
        try (InputStream in = (InputStream) exchange.getMessage().getBody()) {
            reply = json.readValue(in);
        }
        Map<?, ?> data = (Map<?, ?>) Objects.requireNonNull(reply.get("data"));
        Signature signature = Signature.getInstance("MD5withRSA");
        signature.initVerify(ksher);
        signature.update(text(new TreeMap<>(data)));
        if (!signature.verify(HexFormat.of().parseHex((String) reply.get("sign")))) {
            throw new SecurityException("bad signature");
        }
        exchange.getMessage().setBody(data.get("result"));
    }

    private static byte[] text(Map<?, ?> parameters) {
        StringBuilder text = new StringBuilder(512);
        parameters.forEach((name, value) -> text.append(name).append('=').append(value));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
