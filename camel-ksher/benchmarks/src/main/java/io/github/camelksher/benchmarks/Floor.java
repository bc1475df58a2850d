/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The least that a call can cost on HttpClient 5: everything is switched off that is not needed, the parameters are in
 * order because they are written in order, and nothing is checked but the signature, the order and the nonce. No deadline,
 * no timeout, no size limit, no look at whether a pooled connection is still open, and no way to make another call with it.
 */
final class Floor implements Variant {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);
    private static final ContentType FORM = ContentType.parse("application/x-www-form-urlencoded; charset=UTF-8");

    private final CloseableHttpClient http;
    private final URI url;
    private final HttpHost host;
    private final PrivateKey key;
    private final PublicKey ksher;
    private final Queue<Signature> signing = new ConcurrentLinkedQueue<>();
    private final Queue<Signature> verifying = new ConcurrentLinkedQueue<>();
    private final SecureRandom random = new SecureRandom();
    private final JsonFactory json = new JsonFactory();

    Floor(Target target, int connections) throws GeneralSecurityException, IOException {
        PoolingHttpClientConnectionManagerBuilder pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(connections)
                .setMaxConnTotal(connections)
                .setDefaultSocketConfig(
                        SocketConfig.custom().setSoTimeout(Timeout.DISABLED).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setValidateAfterInactivity(TimeValue.NEG_ONE_MILLISECOND)
                        .build());
        if (target.tls()) {
            pool.setTlsSocketStrategy(new DefaultClientTlsStrategy(target.sslContext()));
        }
        http = HttpClients.custom()
                .setConnectionManager(pool.build())
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableConnectionState()
                .disableContentCompression()
                .disableCookieManagement()
                .disableRedirectHandling()
                .build();
        url = URI.create(target.url());
        host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
        key = target.merchantKey();
        ksher = target.ksherPublicKey();
    }

    @Override
    public String query(String order) throws Exception {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String nonce = HexFormat.of().formatHex(bytes);
        String time = TIME.format(LocalDateTime.now(ZoneId.systemDefault()));
        String text = "appid=" + Target.APP_ID + "mch_order_no=" + order + "nonce_str=" + nonce + "time_stamp=" + time;
        Signature signature = signing.poll();
        if (signature == null) {
            signature = Signature.getInstance("MD5withRSA");
            signature.initSign(key);
        }
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        byte[] sign = signature.sign();
        signing.add(signature);
        String form = "appid=" + Target.APP_ID + "&mch_order_no=" + order + "&nonce_str=" + nonce + "&time_stamp="
                + time + "&sign=" + HexFormat.of().formatHex(sign);
        HttpPost post = new HttpPost(url);
        post.setEntity(new ByteArrayEntity(form.getBytes(StandardCharsets.US_ASCII), FORM));
        return http.execute(host, post, response -> {
            if (response.getCode() != 200) {
                throw new IOException("status " + response.getCode());
            }
            InputStream in = response.getEntity().getContent();
            byte[] body = in.readNBytes((int) response.getEntity().getContentLength());
            return result(body, order, nonce);
        });
    }

    private String result(byte[] body, String order, String nonce) throws IOException {
        String sign = "";
        Map<String, String> data = new TreeMap<>();
        try (JsonParser parser = json.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("sign")) {
                    sign = parser.getText();
                } else if (name.equals("data") && value == JsonToken.START_OBJECT) {
                    while (parser.nextToken() != JsonToken.END_OBJECT) {
                        String field = parser.currentName();
                        parser.nextToken();
                        data.put(field, parser.getText());
                    }
                } else if (name.equals("code") && parser.getIntValue() != 0) {
                    throw new IOException("refused");
                }
            }
        }
        StringBuilder text = new StringBuilder(body.length);
        for (Map.Entry<String, String> field : data.entrySet()) {
            text.append(field.getKey()).append('=').append(field.getValue());
        }
        try {
            Signature signature = verifying.poll();
            if (signature == null) {
                signature = Signature.getInstance("MD5withRSA");
                signature.initVerify(ksher);
            }
            signature.update(text.toString().getBytes(StandardCharsets.UTF_8));
            boolean verified = signature.verify(HexFormat.of().parseHex(sign));
            verifying.add(signature);
            if (!verified || !order.equals(data.get("mch_order_no")) || !nonce.equals(data.get("nonce_str"))) {
                throw new IOException("not to be trusted");
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        String result = data.get("result");
        if (result == null) {
            throw new IOException("no result");
        }
        return result;
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
