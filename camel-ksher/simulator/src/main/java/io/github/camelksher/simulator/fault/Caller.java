/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way back to the caller of one call, who gets one answer or none. */
public interface Caller {

    /** Ksher's reply, whole. */
    void reply(byte[] json);

    /** Ksher's reply, one byte at a time. */
    void trickle(byte[] json, long millisPerByte);

    /** Something that is no reply of Ksher's. */
    void send(int status, String type, String body, @Nullable Duration retryAfter);

    /** Closes the connection at once. */
    void cut();

    /** Closes the port for this time, and the connection once callers are refused. */
    void refuse(long millis);
}
