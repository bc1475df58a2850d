/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once that a watched folder cannot be read, and once that it can be read again. */
final class FolderPolling extends DefaultPollingConsumerPollStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(FolderPolling.class);

    private boolean gone;

    @Override
    public synchronized void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        if (gone) {
            LOG.info("The watched folder can be read again.");
        }
        gone = false;
    }

    @Override
    public synchronized boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
        if (!gone) {
            LOG.warn(
                    "The watched folder cannot be read ({}): trying again every 10 s.",
                    String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
        }
        gone = true;
        return false;
    }
}
