/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.Locale;
import java.util.Map;

/** Closes the orders that come on a queue, until it is stopped. */
record ConsumeQueue(Application application, String url) implements Command {

    private static final String ROUTE = "batch-close-receive";

    @Override
    public ExitCode run() throws Exception {
        Queue queue = Queue.open(application, url);
        Broker broker = queue.broker;
        broker.requireAccess(true);
        if (application.configuration.getJournalUrl().toLowerCase(Locale.ROOT).startsWith("jdbc:h2:")) {
            broker.requireNoOtherConsumer(application.ending);
            if (application.ending.isWanted()) {
                application.say("Stopped before any message was taken.");
                return ExitCode.SETTLED;
            }
        }
        BatchRun run = BatchRun.start(application, queue);
        Map<String, Object> parameters = Map.of("from", queue.consumerUri(), "deadLetter", queue.deadLetterUri());
        application.context().addRouteFromTemplate(ROUTE, "ksher-batch-receive", parameters);
        // Stopped first: it writes what it took from the queue to the journal, and takes no more.
        application.closeFirst(() -> application.context().getRouteController().stopRoute(ROUTE));
        application.say(application.target() + ", consuming " + queue + "; Ctrl-C stops");
        return run.serve();
    }
}
