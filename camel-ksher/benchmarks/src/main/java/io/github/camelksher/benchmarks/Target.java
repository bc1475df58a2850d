/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A {@link Responder} in a process of its own, and what a caller must know to call it. */
final class Target implements AutoCloseable {

    static final String APP_ID = "mch10001";

    private final Process process;
    /** Not closed before the process ends: that would close its output. */
    private final BufferedReader lines;

    private final KeyPair merchant;
    private final String baseUrl;
    private final String ksherPublicKey;
    private final @Nullable String certificate;

    /**
     * Starts it.
     *
     * @param bits of Ksher's key and of the merchant's
     * @param delayMillis before each reply
     */
    Target(int bits, long delayMillis, boolean tls) {
        this(Responder.class, bits, Long.toString(delayMillis), Boolean.toString(tls));
    }

    /** Starts a responder of another kind, which is told the {@code bits} and then its own arguments. */
    Target(Class<? extends Responder> program, int bits, String... arguments) {
        try {
            merchant = Responder.keys(bits);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    // As in the script that starts this: newer Javas would warn, older ones do not know the options.
                    "-XX:+IgnoreUnrecognizedVMOptions",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    program.getName(),
                    Integer.toString(bits)));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            String port = lines.readLine();
            if (port == null) {
                throw new IllegalStateException("the responder ended before it was ready, see above");
            }
            ksherPublicKey = lines.readLine();
            String line = lines.readLine();
            certificate = line.equals(Responder.NO_CERTIFICATE) ? null : line;
            baseUrl = (tls() ? "https" : "http") + "://127.0.0.1:" + port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String baseUrl() {
        return baseUrl;
    }

    String url() {
        return baseUrl + "/KsherPay/order_query";
    }

    PrivateKey merchantKey() {
        return merchant.getPrivate();
    }

    /** PKCS#8, as base64. */
    String merchantKeyText() {
        return Base64.getEncoder().encodeToString(merchant.getPrivate().getEncoded());
    }

    /** SPKI, as base64. */
    String ksherPublicKeyText() {
        return ksherPublicKey;
    }

    PublicKey ksherPublicKey() throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(ksherPublicKey)));
    }

    boolean tls() {
        return certificate != null;
    }

    TrustManager trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "responder",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(Base64.getDecoder().decode(certificate))));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers()[0];
    }

    SSLContext sslContext() throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust()}, null);
        return context;
    }

    /** What the responder says to a line of input. */
    String ask(String question) throws IOException {
        Writer input = process.outputWriter(StandardCharsets.US_ASCII);
        input.write(question + "\n");
        input.flush();
        String answer = lines.readLine();
        if (answer == null) {
            throw new IOException("the responder has ended");
        }
        return answer;
    }

    /** CPU time that the responder has used, in nanoseconds. */
    long cpuNanos() {
        return process.info()
                .totalCpuDuration()
                .map(java.time.Duration::toNanos)
                .orElse(0L);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Target[%s]", baseUrl);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
