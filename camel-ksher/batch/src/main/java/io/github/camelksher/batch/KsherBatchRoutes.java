/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.BadMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StatefulService;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.support.service.ServiceHelper;

/**
 * The route templates of batch close. Each expects a {@link KsherBatch} in the registry, by its
 * type.
 *
 * <ul>
 *   <li>{@code ksher-batch-watch}: a watched folder; {@code directory}.
 *   <li>{@code ksher-batch-receive}: a queue; {@code from} (an endpoint that redelivers failed
 *       messages) and {@code deadLetter}. A message is held while there is no started
 *       {@link KsherBatch}, or a failed one.
 *   <li>{@code ksher-batch-send}: a queue to send to; {@code name} of a direct endpoint and
 *       {@code to}, the queue's.
 * </ul>
 *
 * <p>A reload of the context keeps these routes. Whatever headers a message brings, only its body
 * is read, and it goes to the queue that the route names.
 */
public final class KsherBatchRoutes extends RouteBuilder {

    /** Why a message went to the dead-letter queue. */
    public static final String REASON = "KsherBatchReason";

    /** Matches in any case. */
    private static final String CAMELS_OWN = "Camel*";

    @Override
    public void configure() {
        // The order's life decides when to repeat a call, and the broker redelivers messages.
        errorHandler(noErrorHandler());
        ReloadedRoutes reloaded = new ReloadedRoutes(getContext());
        ServiceHelper.startService(reloaded);
        getContext().getManagementStrategy().addEventNotifier(reloaded);

        // A file stays where it is until its report is written.
        template(reloaded, "ksher-batch-watch")
                .templateParameter("directory")
                .templateBean("quietFiles", QuietFiles::new)
                .templateBean("folderPolling", FolderPolling::new)
                .from(
                        "file:{{directory}}?noop=true&idempotent=true"
                                + "&idempotentKey=RAW(${file:name}-${file:size}-${file:modified})"
                                + "&antInclude=*.csv,*.CSV&filter=#{{quietFiles}}&delay=1000&initialDelay=0"
                                // Otherwise a share that is gone would look like an empty folder.
                                + "&directoryMustExist=true&backoffErrorThreshold=1&backoffMultiplier=10&pollStrategy=#{{folderPolling}}")
                .process(guarded(exchange ->
                        batch(exchange).watched(exchange.getMessage().getHeader(Exchange.FILE_PATH, String.class))));

        template(reloaded, "ksher-batch-receive")
                .templateParameter("from")
                .templateParameter("deadLetter")
                .from("{{from}}")
                .doTry()
                .process(exchange -> {
                    // Not guarded: a message that cannot be read is no error of the worker.
                    String text = text(exchange);
                    guarded(e -> batch(e).receive(text, () -> isStopping(e))).process(exchange);
                })
                .doCatch(BadMessageException.class)
                // Some would send it elsewhere (CamelJmsDestinationName, CamelFileName). Not every
                // consumer removes what looks like Camel's own: those of JMS did not remove
                // CAmelJmsDestinationName before Camel 4.14.6 and 4.18.2 (CVE-2026-40453).
                .removeHeaders(CAMELS_OWN)
                .setHeader(REASON, simple("${exception.message}"))
                .to("{{deadLetter}}")
                .end();

        template(reloaded, "ksher-batch-send")
                .templateParameter("name")
                .templateParameter("to")
                .from("direct:{{name}}")
                .removeHeaders(CAMELS_OWN)
                .to("{{to}}");
    }

    private RouteTemplateDefinition template(ReloadedRoutes reloaded, String id) {
        RouteTemplateDefinition template = routeTemplate(id);
        reloaded.follow(template);
        return template;
    }

    /** Stops the worker after a program error: Camel would repeat the exchange for ever. */
    private static Processor guarded(Processor work) {
        return exchange -> {
            try {
                work.process(exchange);
            } catch (RuntimeException | Error e) {
                // The routes may start before the batch does.
                if (batch(exchange).isStarted() && !isStopping(exchange)) {
                    batch(exchange).worker().fail(e);
                }
                throw e;
            }
        };
    }

    private static KsherBatch batch(Exchange exchange) {
        KsherBatch batch = exchange.getContext().getRegistry().findSingleByType(KsherBatch.class);
        if (batch == null) {
            throw new IllegalStateException("There is no KsherBatch in the registry: bind one before its routes start");
        }
        return batch;
    }

    private static boolean isStopping(Exchange exchange) {
        Route route = exchange.getContext().getRoute(exchange.getFromRouteId());
        return route == null
                || exchange.getContext().isStopping()
                || (route.getConsumer() instanceof StatefulService consumer
                        && (consumer.isSuspending()
                                || consumer.isSuspended()
                                || consumer.isStopping()
                                || consumer.isStopped()));
    }

    private static String text(Exchange exchange) throws BadMessageException {
        try {
            Object body = exchange.getMessage().getBody();
            if (body instanceof byte[] bytes) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
            String text = body == null ? null : exchange.getMessage().getBody(String.class);
            if (text != null) {
                return text;
            }
        } catch (CharacterCodingException e) {
            throw new BadMessageException("is not UTF-8");
        } catch (RuntimeCamelException e) {
            // Falls through: not a text, or an object that must not be deserialised.
        }
        throw new BadMessageException("is not text");
    }
}
