/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class AttackSecretsTest {

    @Test
    void aKeyInEveryOption() throws Exception {
        String pem;
        try (var in = getClass().getResourceAsStream("/keys/pkcs8.pem")) {
            pem = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
        String base64 = pem.replaceAll("-----[^-]*-----|\\s", "");
        byte[] der = Base64.getDecoder().decode(base64);
        String hex = HexFormat.of().formatHex(der);
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(der);
        String urlEncoded = java.net.URLEncoder.encode(base64, StandardCharsets.UTF_8);
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("pem", pem);
        forms.put("base64", base64);
        forms.put("hex", hex);
        forms.put("url", url);
        forms.put("urlEncoded", urlEncoded);
        forms.put("percent", urlEncoded.replace("%2B", "%").replace("%2F", "%Z"));
        forms.put("slash", "/etc/" + base64);
        forms.put("nul", base64.substring(0, 50) + "\0" + base64.substring(50));
        forms.put("dashes", base64.replaceAll("(.{10})", "$1-"));
        forms.put("spaces", base64.replaceAll("(.{10})", "$1 "));
        forms.put("dots", base64.replaceAll("(.{10})", "$1."));
        List<String> prefixes = List.of(
                "",
                "file:",
                "classpath:",
                "file://",
                "file:/",
                "file:///",
                "classpath:/",
                "FILE:",
                "base64:",
                "#bean:",
                "#class:",
                "{{",
                "RAW(",
                "resource:file:",
                "ref:",
                "env:",
                "http://",
                "#property:",
                "'file:");
        Map<String, BiConsumer<KsherComponent, String>> options = new LinkedHashMap<>();
        options.put("privateKey", (c, v) -> c.getConfiguration().setPrivateKey(v));
        options.put("appId", (c, v) -> c.getConfiguration().setAppId(v));
        options.put("password", (c, v) -> c.getConfiguration().setPrivateKeyPassword(v));
        options.put("ksherPublicKey", (c, v) -> c.getConfiguration().setKsherPublicKey(v));
        options.put("provider", (c, v) -> c.getConfiguration().setSignatureProvider(v));
        options.put("apiUrl", (c, v) -> c.getConfiguration().setGatewayUrl(v));
        options.put("channel", (c, v) -> c.getConfiguration().setOperatorId(v));
        options.put("lang", (c, v) -> c.getConfiguration().setLang(v));
        java.util.Set<String> leaks = new java.util.TreeSet<>();
        int tried = 0;
        try (KsherStub stub = new KsherStub()) {
            for (var option : options.entrySet()) {
                for (String prefix : prefixes) {
                    for (var form : forms.entrySet()) {
                        for (boolean uri : new boolean[] {false, true}) {
                            String value = prefix + form.getValue();
                            StringWriter out = new StringWriter();
                            tried++;
                            try (DefaultCamelContext context = new DefaultCamelContext()) {
                                KsherComponent c = new KsherComponent();
                                c.getConfiguration().setAppId(KsherStub.APP_ID);
                                c.getConfiguration().setPrivateKey(Camel.KEY);
                                c.getConfiguration().setGatewayUrl(stub.url() + "/api");
                                if (!uri) {
                                    option.getValue().accept(c, value);
                                }
                                context.addComponent("ksher", c);
                                context.start();
                                if (uri && !option.getKey().equals("privateKey")) {
                                    continue;
                                }
                                String target = uri
                                        ? "ksher:gatewayQuery?" + option.getKey() + "="
                                                + java.net.URLEncoder.encode(value, StandardCharsets.UTF_8)
                                        : "ksher:gatewayQuery";
                                Exchange e = context.createProducerTemplate()
                                        .request(target, x -> x.getMessage().setHeader("CamelKsherMchOrderNo", "A-1"));
                                if (e.getException() != null) {
                                    // Only what is ours: Camel's own wrapper repeats the URI, masked.
                                    for (Throwable t = e.getException(); t != null; t = t.getCause()) {
                                        out.append(t.toString()).append('\n');
                                    }
                                }
                            } catch (Throwable e) {
                                for (Throwable t = e; t != null; t = t.getCause()) {
                                    out.append(t.toString()).append('\n');
                                }
                            }
                            String text = out.toString();
                            String raw = form.getValue();
                            for (int i = 0; i + 16 <= raw.length(); i += 4) {
                                String piece = raw.substring(i, i + 16);
                                if (!piece.contains("-----")
                                        && !piece.contains("PRIVATE")
                                        && !piece.startsWith("/etc/")
                                        && text.contains(piece)) {
                                    leaks.add(option.getKey() + (uri ? " uri " : " ") + prefix + "<" + form.getKey()
                                            + "> "
                                            + text.lines()
                                                    .filter(l -> l.contains(piece))
                                                    .findFirst()
                                                    .map(l -> l.substring(0, Math.min(150, l.length())))
                                                    .orElse("?"));
                                    break;
                                }
                            }
                        }
                    }
                }
            }
        }
        System.out.println("KEYS tried " + tried + " leaks " + leaks.size());
        leaks.stream().limit(60).forEach(l -> System.out.println("LEAK " + l));
        assertThat(leaks).isEmpty();
    }
}
