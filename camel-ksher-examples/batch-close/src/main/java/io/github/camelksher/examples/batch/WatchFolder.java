/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A run without an end: it goes on with what comes into a folder or on a queue. */
final class Service {

    private static final String RECEIVE = "batch-close-receive";

    private final Application application;

    Service(Application application) {
        this.application = application;
    }

    int watch(Path folder) throws Exception {
        if (!Files.isDirectory(folder)) {
            throw new UsageException("--watch needs a folder: " + folder + " is none.");
        }
        if (!Files.isReadable(folder) || !Files.isWritable(folder)) {
            throw new UsageException("--watch " + folder
                    + ": this user cannot read it, or not move files to its folders done and failed. Set its rights.");
        }
        Progress progress = application.progress();
        KsherBatch batch = application.start(progress, null);
        application
                .context()
                .addRouteFromTemplate(
                        "batch-close-watch",
                        "ksher-batch-watch",
                        Map.of("directory", folder.toAbsolutePath().toString()));
        application.say(application.target() + ", watching " + folder + "; Ctrl-C stops");
        return goOn(batch, progress);
    }

    int consume(String url) throws Exception {
        Progress progress = application.progress();
        Queue queue = application.queue(url);
        queue.tryOut(true);
        if (application.configuration().getJournalUrl().toLowerCase(Locale.ROOT).startsWith("jdbc:h2:")) {
            queue.requireAlone();
        }
        KsherBatch batch = application.start(progress, queue);
        application
                .context()
                .addRouteFromTemplate(
                        RECEIVE,
                        "ksher-batch-receive",
                        Map.of("from", queue.consumerUri(), "deadLetter", queue.deadLetterUri()));
        // First of all: what was taken from the queue is written to the journal, and no more is taken.
        application.closeFirst(() -> application.context().getRouteController().stopRoute(RECEIVE));
        application.say(application.target() + ", consuming " + queue + "; Ctrl-C stops");
        return goOn(batch, progress);
    }

    private int goOn(KsherBatch batch, Progress progress) throws InterruptedException {
        application.work(batch, progress, 0, () -> false);
        if (application.ending().error() != null || batch.worker().hasFailed()) {
            return application.stopped(batch);
        }
        application.say("Stopped. Run the same again to go on: nothing is lost.");
        return BatchClose.SETTLED;
    }
}
