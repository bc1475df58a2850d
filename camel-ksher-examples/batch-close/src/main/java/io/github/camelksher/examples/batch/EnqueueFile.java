/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.input.OrderMessage;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.input.UnusableFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a file's orders on the queue. */
final class Enqueue {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    private static final String SEND = "batch-close-send";

    private final Application application;

    Enqueue(Application application) {
        this.application = application;
    }

    int run(Path file, String url) throws Exception {
        OrdersFile orders = OrdersFile.open(file);
        Queue queue = application.queue(url);
        queue.tryOut(false);
        application.startCamel(queue);
        application
                .context()
                .addRouteFromTemplate(SEND, "ksher-batch-send", Map.of("name", SEND, "to", queue.producerUri()));
        String batch = orders.batchName();
        Ending ending = application.ending();
        application.say("Batch " + batch + " to " + queue + ": " + BatchClose.orders(orders.rows()));
        try (ProducerTemplate template = application.context().createProducerTemplate()) {
            Sending sending = new Sending(template, "direct:" + SEND);
            orders.forEach(row -> {
                if (!ending.isWanted()) {
                    sending.send(new OrderMessage.Order(batch, row).toJson());
                }
            });
            sending.await();
            if (ending.error() != null) {
                throw new StoppedException("Stopped by an error of this program, please report it (" + ending.error()
                        + "). Run the same again to send the rest: what was sent counts once.");
            }
            if (ending.isWanted()) {
                application.say("Stopped. Run the same again to send the rest: what was sent counts once.");
            } else {
                sending.send(new OrderMessage.Total(batch, orders.rows()).toJson());
                sending.await();
                application.say("Sent.");
            }
        } catch (CompletionException e) {
            LOG.debug("Not sent", e);
            throw new StoppedException("Not all of it could be sent to " + queue + " ("
                    + Application.innermost(e).getMessage()
                    + "). Run the same again when the broker is there: what was sent counts once.");
        } catch (UnusableFileException e) {
            throw new StoppedException(file + " was changed while it was sent. Batch " + batch
                    + " is on the queue in part and without a total: it is finished after batch.quiet-after.");
        }
        return BatchClose.SETTLED;
    }
}
