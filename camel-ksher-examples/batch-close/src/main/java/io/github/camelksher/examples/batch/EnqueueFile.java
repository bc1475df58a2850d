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
record EnqueueFile(Application application, Path file, String url) implements Command {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    private static final String ROUTE = "batch-close-send";

    @Override
    public ExitCode run() throws Exception {
        OrdersFile orders = OrdersFile.open(file);
        Queue queue = Queue.open(application, url);
        queue.broker.requireAccess(false);
        application.start(Map.of(), queue::bindTo);
        Map<String, Object> parameters = Map.of("name", ROUTE, "to", queue.producerUri());
        application.context().addRouteFromTemplate(ROUTE, "ksher-batch-send", parameters);
        String batch = orders.batchName();
        application.say("Batch " + batch + " to " + queue + ": " + Words.orders(orders.rows()));
        try (ProducerTemplate template = application.context().createProducerTemplate()) {
            send(orders, batch, new Sending(template, "direct:" + ROUTE));
        } catch (CompletionException e) {
            LOG.debug("Not sent", e);
            throw new StoppedException("Not all of it could be sent to " + queue + " ("
                    + RootCause.of(e).getMessage()
                    + "). Run the same again when the broker is there: what was sent counts once.");
        } catch (UnusableFileException e) {
            throw new StoppedException(file + " was changed while it was sent. Batch " + batch
                    + " is on the queue in part and without a total: it is finished after batch.quiet-after.");
        }
        return ExitCode.SETTLED;
    }

    private void send(OrdersFile orders, String batch, Sending sending) throws Exception {
        Ending ending = application.ending;
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
            return;
        }
        sending.send(new OrderMessage.Total(batch, orders.rows()).toJson());
        sending.await();
        application.say("Sent.");
    }
}
