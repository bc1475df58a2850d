/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When it makes no sense to go on with any order. Thread-safe. */
final class StopRule {

    private static final int REFUSALS = 3;
    private static final int UNVERIFIED = 10;

    private final Set<String> refused = new LinkedHashSet<>();
    private boolean anyGood;
    private int unverified;

    /** Why the batch must stop after this event; null if it need not. */
    synchronized @Nullable String after(String orderKey, Event event) {
        if (event instanceof Event.NotLetIn refusal) {
            refused.add(orderKey);
            return anyGood && refused.size() < REFUSALS
                    ? null
                    : "Ksher does not let us in (code " + refusal.facts().code()
                            + "): check that camel.component.ksher.app-id is yours, and private-key its key.";
        }
        if (event instanceof Event.NotVerified) {
            unverified++;
            return anyGood || unverified < UNVERIFIED
                    ? null
                    : "none of the first replies verifies: check the base URLs, and"
                            + " camel.component.ksher.ksher-public-key and sign-version.";
        }
        if (event instanceof Event.Seen || event instanceof Event.NoSuchOrder || event instanceof Event.Done) {
            anyGood = true;
            refused.clear();
        }
        return null;
    }
}
