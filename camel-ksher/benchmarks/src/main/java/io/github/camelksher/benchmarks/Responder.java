/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A Ksher that is nothing but fast: answers each query with data that it signs for the order and the nonce asked, without
 * looking at what the caller signed. A program of its own, so that what it costs is not counted with the callers.
 */
public class Responder {

    static final String NO_CERTIFICATE = "-";

    /** The length of a reply of Ksher's to orderQuery, with the fields that it sends. */
    private static final SortedMap<String, String> FIELDS = new TreeMap<>(Map.ofEntries(
            Map.entry("appid", "mch10001"),
            Map.entry("cash_fee", "100"),
            Map.entry("cash_fee_type", "THB"),
            Map.entry("channel", "wechat"),
            Map.entry("channel_order_no", "4200000214201812070000000001"),
            Map.entry("device_id", ""),
            Map.entry("fee_type", "THB"),
            Map.entry("ksher_order_no", "90020181207120000000000000001"),
            Map.entry("openid", "oTB2uwYBQ8R7xxxxxxxxxxxxxxxx"),
            Map.entry("operation", "ORDER-QUERY"),
            Map.entry("operator_id", ""),
            Map.entry("rate", "0.210100"),
            Map.entry("result", "SUCCESS"),
            Map.entry("time_end", "2018-12-07 12:00:00"),
            Map.entry("total_fee", "100")));

    private final KeyPair keys;
    private final long delayMillis;
    private final Signing signing;

    Responder(KeyPair keys, long delayMillis) {
        this.keys = keys;
        this.delayMillis = delayMillis;
        this.signing = Signing.fastest(keys.getPrivate());
    }

    /** A provider and the key in its own form. The callers sign with the JDK's; what signs here is to leave them the machine. */
    private record Signing(Provider provider, PrivateKey key) {

        static Signing fastest(PrivateKey key) {
            try {
                Provider provider = PartsSignatureBenchmark.conscrypt();
                return new Signing(provider, (PrivateKey)
                        KeyFactory.getInstance("RSA", provider).translateKey(key));
            } catch (ReflectiveOperationException | GeneralSecurityException | LinkageError e) {
                // Native code for other machines.
                return new Signing(Security.getProvider("SunRsaSign"), key);
            }
        }
    }

    /** {@code bits delayMillis tls}: prints its port, its public key and its certificate, and runs until its input ends. */
    public static void main(String[] args) throws Exception {
        new Responder(keys(Integer.parseInt(args[0])), Long.parseLong(args[1])).run(Boolean.parseBoolean(args[2]));
    }

    final void run(boolean withTls) throws Exception {
        EventLoopGroup threads = new NioEventLoopGroup(Runtime.getRuntime().availableProcessors());
        try {
            String certificate = NO_CERTIFICATE;
            SslContext tls = null;
            if (withTls) {
                KeyPair own = keys(2048);
                var selfSigned = certificate(own);
                certificate = Base64.getEncoder().encodeToString(selfSigned.getEncoded());
                tls = SslContextBuilder.forServer(own.getPrivate(), selfSigned).build();
            }
            Channel server = open(threads, tls);
            System.out.println(((java.net.InetSocketAddress) server.localAddress()).getPort());
            System.out.println(
                    Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
            System.out.println(certificate);
            untilInputEnds();
        } finally {
            threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    void untilInputEnds() throws IOException {
        while (System.in.read() >= 0) {
            // The driver says nothing; when it ends, however it ends, so does this.
        }
    }

    static KeyPair keys(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static java.security.cert.X509Certificate certificate(KeyPair keys)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X500Principal name = new X500Principal("CN=127.0.0.1");
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minus(1, ChronoUnit.DAYS)),
                Date.from(now.plus(1, ChronoUnit.DAYS)),
                name,
                keys.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    }

    private Channel open(EventLoopGroup threads, @org.jspecify.annotations.Nullable SslContext tls)
            throws InterruptedException {
        return new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 2048)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new Calls());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    /** Just enough HTTP for requests that give their length. */
    @SuppressWarnings("FutureReturnValueIgnored") // who does not get his reply will say so
    private final class Calls extends ByteToMessageDecoder {

        private static final ByteBuf HEAD_ENDS =
                Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] {'\r', '\n', '\r', '\n'}));

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
                throws GeneralSecurityException {
            int head = ByteBufUtil.indexOf(HEAD_ENDS.duplicate(), in);
            if (head < 0) {
                return;
            }
            String text = in.toString(in.readerIndex(), head - in.readerIndex(), StandardCharsets.ISO_8859_1);
            int length = contentLength(text);
            int end = head + 4 + length;
            if (in.writerIndex() < end) {
                return;
            }
            String form = in.toString(head + 4, length, StandardCharsets.US_ASCII);
            in.readerIndex(end);
            answer(context, text, form);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // The caller cut the connection, or does not speak HTTP.
            context.close();
        }
    }

    private static int contentLength(String head) {
        String name = "content-length:";
        int start = head.toLowerCase(Locale.ROOT).indexOf(name);
        int stop = head.indexOf('\r', start);
        return start < 0
                ? 0
                : Integer.parseInt(head.substring(start + name.length(), stop < 0 ? head.length() : stop)
                        .strip());
    }

    /** Answers one request, however it likes. */
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    void answer(ChannelHandlerContext context, String head, String form) throws GeneralSecurityException {
        SortedMap<String, String> data = paid(form);
        ByteBuf reply = Unpooled.wrappedBuffer(ok(json(data, sign(data))));
        if (delayMillis == 0) {
            context.writeAndFlush(reply);
        } else {
            context.executor().schedule(() -> context.writeAndFlush(reply), delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    static SortedMap<String, String> paid(String form) {
        SortedMap<String, String> data = new TreeMap<>(FIELDS);
        data.put("mch_order_no", field(form, "mch_order_no"));
        data.put("nonce_str", field(form, "nonce_str"));
        return data;
    }

    final String sign(SortedMap<String, String> data) throws GeneralSecurityException {
        StringBuilder text = new StringBuilder(600);
        data.forEach((name, value) -> text.append(name).append('=').append(value));
        Signature signature = Signature.getInstance("MD5withRSA", signing.provider);
        signature.initSign(signing.key);
        signature.update(text.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(signature.sign());
    }

    static String json(SortedMap<String, String> data, String sign) {
        StringBuilder json = new StringBuilder(1200)
                .append("{\"code\":0,\"msg\":\"ok\",\"message\":\"SUCCESS\",\"version\":\"3.0.0\",\"sign\":\"")
                .append(sign)
                .append("\",\"data\":{");
        data.forEach((name, value) ->
                json.append('"').append(name).append("\":\"").append(value).append("\","));
        json.setLength(json.length() - 1);
        return json.append("}}").toString();
    }

    static byte[] ok(String body) {
        return ("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\nConnection: keep-alive\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    static String field(String form, String name) {
        int start = ("&" + form).indexOf("&" + name + "=");
        if (start < 0) {
            return "";
        }
        int stop = form.indexOf('&', start);
        return URLDecoder.decode(
                form.substring(start + name.length() + 1, stop < 0 ? form.length() : stop), StandardCharsets.UTF_8);
    }
}
