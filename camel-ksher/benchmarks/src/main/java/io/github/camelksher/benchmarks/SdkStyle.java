/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.jspecify.annotations.Nullable;

/**
 * As Ksher's Java SDK goes about it: for each call a client, a connection, and the keys parsed again, and a format string for
 * each byte of the signature. On TLS a new client also means a new handshake. Without its printing, but with what it leaves
 * out: the client is closed, and the reply's signature is verified.
 */
@SuppressWarnings("JavaUtilDate") // as the SDK does it
final class SdkStyle implements Variant {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Target target;
    private final String key;
    private final String ksher;

    SdkStyle(Target target) {
        this.target = target;
        this.key = target.merchantKeyText();
        this.ksher = target.ksherPublicKeyText();
    }

    @Override
    public @Nullable String query(String order) throws Exception {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("appid", Target.APP_ID);
        parameters.put("mch_order_no", order);
        parameters.put("nonce_str", UUID.randomUUID().toString().replace("-", ""));
        parameters.put("time_stamp", new SimpleDateFormat("yyyyMMddHHmmss", Locale.ROOT).format(new Date()));
        Signature signature = Signature.getInstance("MD5withRSA");
        signature.initSign(KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))));
        signature.update(text(parameters));
        StringBuilder sign = new StringBuilder();
        for (byte b : signature.sign()) {
            sign.append(String.format(Locale.ROOT, "%02x", b));
        }
        parameters.put("sign", sign.toString());
        List<NameValuePair> form = new ArrayList<>();
        parameters.forEach((name, value) -> form.add(new BasicNameValuePair(name, value)));
        HttpPost post = new HttpPost(target.url());
        post.setEntity(new UrlEncodedFormEntity(form, StandardCharsets.UTF_8));
        try (CloseableHttpClient http = client()) {
            String reply = http.execute(post, response -> EntityUtils.toString(response.getEntity()));
            return result(JSON.readTree(reply));
        }
    }

    private CloseableHttpClient client() throws Exception {
        if (!target.tls()) {
            return HttpClients.createDefault();
        }
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(target.sslContext()))
                        .build())
                .build();
    }

    private @Nullable String result(JsonNode reply) throws Exception {
        Map<String, String> data = new TreeMap<>();
        reply.get("data")
                .properties()
                .forEach(field -> data.put(field.getKey(), field.getValue().asText()));
        Signature signature = Signature.getInstance("MD5withRSA");
        signature.initVerify(KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(ksher))));
        signature.update(text(data));
        if (!signature.verify(HexFormat.of().parseHex(reply.get("sign").asText()))) {
            throw new SecurityException("bad signature");
        }
        return data.get("result");
    }

    private static byte[] text(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> text.append(name).append('=').append(value));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        // Nothing is kept.
    }
}
