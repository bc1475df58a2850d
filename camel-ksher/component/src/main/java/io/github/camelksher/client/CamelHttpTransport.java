/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.http.common.HttpMethods;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * The way to one URL, by camel-http. Each call has a fresh exchange of its own, so nothing of the caller's reaches the
 * wire and nothing of Ksher's comes back but what {@link CallGuard} picks up.
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

    private final CamelContext context;
    private final Target target;
    private final Reachability reachability;
    private final HttpEndpoint endpoint;
    private final Producer producer;
    private final CallGuard guard;

    CamelHttpTransport(
            CamelContext context,
            HttpComponent http,
            Target target,
            ScheduledExecutorService timer,
            CamelHttp.Settings settings,
            Reachability reachability) {
        this.context = context;
        this.target = target;
        this.reachability = reachability;
        this.guard = new CallGuard(
                target, timer, settings.proxy() != null && settings.proxy().user() != null);
        try {
            endpoint = (HttpEndpoint) http.createEndpoint(target.url());
            endpoint.setHttpMethod(HttpMethods.POST);
            endpoint.setThrowExceptionOnFailure(false);
            endpoint.setCopyHeaders(false);
            endpoint.setSkipRequestHeaders(true);
            endpoint.setSkipResponseHeaders(true);
            endpoint.setSkipControlHeaders(true);
            endpoint.setDisableStreamCache(true);
            endpoint.setHttpClientConfigurer(client -> configure(client, settings));
            producer = endpoint.createProducer();
            ServiceHelper.startService(endpoint, producer);
        } catch (Exception e) {
            throw new IllegalStateException("cannot set up camel-http for " + target.url(), e);
        }
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
        // First of all, so that it sees the decoded reply; after connecting, so that it knows whether anything was
        // sent.
        client.addExecInterceptorFirst("ksher-guard", guard);
        client.addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "ksher-connected", guard::connected);
    }

    @Override
    public Reply send(byte[] form, long startedNanos) throws Failed {
        Exchange exchange = new DefaultExchange(context);
        exchange.getIn().setBody(new ByteArrayEntity(form, FORM));
        // An interrupt ends a call that is under way, as a cut connection would. One that came before is not about this
        // call.
        boolean interrupted = Thread.interrupted();
        CallGuard.Call call = guard.begin(startedNanos);
        try {
            producer.process(exchange);
        } catch (IOException e) {
            throw new Failed(call.reason(e), call.nothingSent());
        } catch (Exception e) {
            throw new Failed(call.reason(new IOException("camel-http failed", e)), call.nothingSent());
        } finally {
            guard.end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        @Nullable Reply reply = call.reply();
        if (reply == null) {
            throw new Failed(new IOException("camel-http gave no reply"), false);
        }
        return reply;
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
        ServiceHelper.stopAndShutdownServices(producer, endpoint);
    }
}
