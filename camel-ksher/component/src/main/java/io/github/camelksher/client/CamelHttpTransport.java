/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * The way to one URL, by the HTTP client that camel-http sets up: TLS, proxy, pool and the user's own say are camel-http's.
 * Its producer is passed by: see decision 006. So no exchange is near, and nothing of the caller's can reach the wire.
 */
public final class CamelHttpTransport implements Transport, AutoCloseable {

    private static final ContentType FORM = ContentType.parse("application/x-www-form-urlencoded; charset=UTF-8");

    /**
     * Where to, and with what limits.
     *
     * @param url of the call
     * @param signVersion V2 is asked for by a header
     * @param responseTimeout silence on the socket
     * @param callTimeout the whole call
     * @param maxReplySize bytes of the decoded reply
     */
    public record Target(
            String url, SignVersion signVersion, Duration responseTimeout, Duration callTimeout, int maxReplySize) {}

    private final Target target;
    private final URI url;
    private final HttpHost host;
    private final Deadlines deadlines;
    private final Semaphore turns;
    private final Reachability reachability;
    private final HttpEndpoint endpoint;
    private final HttpClient client;
    private final RequestConfig limits;

    CamelHttpTransport(
            HttpComponent http,
            Target target,
            Deadlines deadlines,
            Semaphore turns,
            CamelHttp.Settings settings,
            Reachability reachability) {
        this.target = target;
        this.url = URI.create(target.url());
        this.host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
        this.deadlines = deadlines;
        this.turns = turns;
        this.reachability = reachability;
        try {
            endpoint = (HttpEndpoint) http.createEndpoint(target.url());
            endpoint.setHttpClientConfigurer(client -> configure(client, settings));
            ServiceHelper.startService(endpoint);
            client = endpoint.getHttpClient();
        } catch (Exception e) {
            throw new IllegalStateException("cannot set up camel-http for " + target.url(), e);
        }
        this.limits = limits(settings.proxy() != null && settings.proxy().user() != null);
    }

    /** The client's own configuration, within the call's limits. */
    private RequestConfig limits(boolean proxyAuthentication) {
        RequestConfig own = client instanceof Configurable configured ? configured.getConfig() : null;
        return RequestConfig.copy(own == null ? RequestConfig.DEFAULT : own)
                // There is one: the turns see to that. HttpClient loses a connection that is granted just as this
                // wait for it ends, so the call's deadline ends it before. None at all would fail at the pool's lock.
                .setConnectionRequestTimeout(Timeout.of(target.callTimeout().plusSeconds(30)))
                // By the call itself.
                .setResponseTimeout(Timeout.DISABLED)
                .setRedirectsEnabled(false)
                .setExpectContinueEnabled(false)
                .setProtocolUpgradeEnabled(false)
                // By the call itself: HttpClient 5.6 refuses a reply with a Content-Encoding that it does not know.
                .setContentCompressionEnabled(false)
                // A refused authentication is answered by sending again: only ever to a proxy.
                .setAuthenticationEnabled(proxyAuthentication)
                .build();
    }

    private void configure(HttpClientBuilder client, CamelHttp.Settings settings) {
        if (settings.configurer() != null) {
            settings.configurer().configureHttpClient(client);
        }
        client.setUserAgent(Version.USER_AGENT);
        CamelHttp.Proxy proxy = settings.proxy();
        if (proxy != null) {
            HttpHost host = new HttpHost("http", proxy.host(), proxy.port());
            client.setProxy(host);
            if (proxy.user() != null && proxy.password() != null) {
                BasicCredentialsProvider credentials = new BasicCredentialsProvider();
                credentials.setCredentials(
                        new AuthScope(host),
                        new UsernamePasswordCredentials(
                                proxy.user(), proxy.password().toCharArray()));
                client.setDefaultCredentialsProvider(credentials);
            }
        }
        // After connecting, so that it is known whether anything was sent.
        client.addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "ksher-connected", Call::connected);
    }

    @Override
    public Reply send(byte[] form, long startedNanos) throws Failed {
        Call call = new Call(url, startedNanos, target);
        call.setEntity(new ByteArrayEntity(form, FORM));
        call.setHeader(ContentCodings.ACCEPTED);
        if (target.signVersion() == SignVersion.V2) {
            call.setHeader("ksher-sign-version", "V2");
        }
        call.context().setRequestConfig(limits);
        // An interrupt ends a call that is under way, as a cut connection would. One that came before is not about this
        // call.
        boolean interrupted = Thread.interrupted();
        boolean turn = false;
        try {
            deadlines.add(call);
            call.endIfLate();
            turn = call.waitForTurn(turns);
            return reply(call);
        } catch (InterruptedException e) {
            interrupted = true;
            throw new Failed(new InterruptedIOException("interrupted while waiting for a connection"), true);
        } catch (IOException e) {
            throw new Failed(call.reason(e), call.nothingSent());
        } catch (RuntimeException e) {
            throw new Failed(call.reason(new IOException("the HTTP client failed", e)), call.nothingSent());
        } finally {
            // Whatever way it ended, it holds no connection.
            call.cancel();
            if (turn) {
                turns.release();
            }
            deadlines.remove(call);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Reply reply(Call call) throws IOException {
        try (ClassicHttpResponse response = client.executeOpen(host, call, call.context())) {
            byte[] body = call.body(response);
            Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
            return new Reply(response.getCode(), body, retryAfter == null ? null : retryAfter.getValue());
        }
    }

    /**
     * Whether there is a way to where the calls go: see {@link Reachability}.
     *
     * @throws IOException if the host is unknown, or there was no connection within connectTimeout
     */
    public void probe() throws IOException {
        reachability.check(target.url());
    }

    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(endpoint);
    }
}
