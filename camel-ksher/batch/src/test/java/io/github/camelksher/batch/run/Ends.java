/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;

/** How calls end, for tests. */
final class Ends {

    static final String REASON = "connection refused to api.mch.ksher.net:443";

    static final Event OPEN = seen(OrderState.NOTPAY);
    static final Event CLOSED = seen(OrderState.CLOSED);
    static final Event PAID = seen(OrderState.SUCCESS);
    static final Event DONE = new Event.Done(new CallDetails("", 0, null));
    static final Event REFUSED = new Event.Refused(new CallDetails("code -4", -4, null));
    static final Event FAILED = failed(REASON);
    static final Event NO_ANSWER = noAnswer(Duration.ZERO);
    static final Event CREDENTIALS_REJECTED = new Event.CredentialsRejected(new CallDetails("code -1", -1, null));
    static final Event UNVERIFIED = new Event.NotVerified(CallDetails.of("the reply's signature was not verified"));
    static final Event NOT_KSHER = new Event.QueryRefused(CallDetails.of("HTTP status 404"), false);

    private Ends() {}

    static Event seen(OrderState state) {
        return new Event.Seen(state, true, null, new CallDetails("", 0, null));
    }

    static Event failed(String reason) {
        return new Event.QueryFailed(CallDetails.of(reason), Duration.ZERO);
    }

    static Event failed(Duration retryAfter) {
        return new Event.QueryFailed(CallDetails.of(REASON), retryAfter);
    }

    static Event noAnswer(Duration retryAfter) {
        return new Event.NoAnswer(CallDetails.of(REASON), retryAfter);
    }
}
