/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.fault.FaultKind.CarriedOut;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One way for a call to go wrong: arm it with {@link Faults}. A fault that cannot change a reply
 * leaves it as it is: one without a signature, for instance, has none to spoil.
 *
 * @param kind what happens
 * @param millis how long it takes; 0 for no time
 * @param code the HTTP status, or Ksher's code; 0 for neither
 * @param text the {@code err_code}, or the {@code result}; empty for neither
 * @param retryAfter what a {@code Retry-After} header says; null for no header
 * @param isCarriedOut whether the call is carried out before it goes wrong
 */
public record Fault(
        FaultKind kind, long millis, int code, String text, @Nullable Duration retryAfter, boolean isCarriedOut) {

    /** The longest time of a fault and of a latency. */
    static final Duration LONGEST = Duration.ofDays(1);

    /** A fault of this kind, with no time, code or text. */
    public static Fault of(FaultKind kind) {
        return new Fault(kind, 0, 0, "", null, kind.carriedOut() == CarriedOut.ALWAYS);
    }

    private static Fault of(FaultKind kind, Duration time) {
        return new Fault(kind, checked(time).toMillis(), 0, "", null, of(kind).isCarriedOut);
    }

    private static Duration checked(Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a fault's time must be from 0 to a day: " + time);
        }
        return time;
    }

    private static Fault of(FaultKind kind, int code, String text) {
        return new Fault(kind, 0, code, text, null, of(kind).isCarriedOut);
    }

    /** The call waits before it is carried out. */
    public static Fault delay(Duration time) {
        return of(FaultKind.DELAY, time);
    }

    /** The call is carried out at once; its reply waits. */
    public static Fault delayReply(Duration time) {
        return delay(time).afterCarryingOut();
    }

    /** Connection and, for this time, port are closed; calls on open connections are cut. */
    public static Fault refused(Duration closed) {
        return of(FaultKind.REFUSED, closed);
    }

    /** The connection is closed, and the call is not carried out. */
    public static Fault lostRequest() {
        return of(FaultKind.LOST_REQUEST);
    }

    /** The call is carried out, then the connection is closed without a reply. */
    public static Fault lostReply() {
        return of(FaultKind.LOST_REPLY);
    }

    /** This HTTP status (200 to 599); the call is not carried out. */
    public static Fault status(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be from 200 to 599: " + status);
        }
        return of(FaultKind.STATUS, status, "");
    }

    /** A web page, with status 200; the call is not carried out. */
    public static Fault html() {
        return of(FaultKind.HTML);
    }

    /** Half of the reply, with the Content-Length of that half. */
    public static Fault truncated() {
        return of(FaultKind.TRUNCATED);
    }

    /** A signature of the right length that does not verify. */
    public static Fault badSignature() {
        return of(FaultKind.BAD_SIGNATURE);
    }

    /** A code 0 without {@code sign}. */
    public static Fault missingSignature() {
        return of(FaultKind.MISSING_SIGNATURE);
    }

    /** A validly signed reply that names another order. */
    public static Fault otherOrder() {
        return of(FaultKind.OTHER_ORDER);
    }

    /** A validly signed reply with another nonce. */
    public static Fault otherNonce() {
        return of(FaultKind.OTHER_NONCE);
    }

    /** The reply comes one byte at a time. */
    public static Fault trickle(Duration perByte) {
        return of(FaultKind.TRICKLE, perByte);
    }

    /** An unsigned refusal with this code, not 0; the call is not carried out. */
    public static Fault refusal(int code) {
        if (code == 0) {
            throw new IllegalArgumentException("a refusal needs a code other than 0");
        }
        return of(FaultKind.REFUSAL, code, "");
    }

    /**
     * A validly signed FAIL with this {@code err_code}; the call is not carried out. Without effect
     * on {@code gatewayCancel}, unless the simulator signs its replies to that
     * ({@link KsherSimulatorBuilder#signedCancels}).
     */
    public static Fault result(String errCode) {
        return of(FaultKind.RESULT, 0, errCode);
    }

    /** A query's validly signed reply with this {@code result}; no effect on commands. */
    public static Fault state(String result) {
        return of(FaultKind.STATE, 0, result);
    }

    /** A refusal in single quotes, which is not JSON, as a page of Ksher's prints it. */
    public static Fault singleQuotes() {
        return of(FaultKind.SINGLE_QUOTES);
    }

    /** A successful cancel is answered with a signed object, as Ksher's SDKs expect. */
    public static Fault signedCancel() {
        return of(FaultKind.SIGNED_CANCEL);
    }

    /** With a {@code Retry-After} header, in whole seconds; for {@link #status}. */
    public Fault retryAfter(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("retryAfter must not be negative: " + time);
        }
        return new Fault(kind, millis, code, text, time, isCarriedOut);
    }

    /**
     * The call is carried out, and then goes wrong; for {@link #delay}, {@link #status},
     * {@link #html}, {@link #refusal} and {@link #result}, no change for the others.
     */
    public Fault afterCarryingOut() {
        return new Fault(kind, millis, code, text, retryAfter, kind.carriedOut() != CarriedOut.NEVER);
    }

    @Override
    public String toString() {
        return kind
                + (code != 0 ? " " + code : "")
                + (text.isEmpty() ? "" : " " + text)
                + (millis > 0 ? " " + millis + " ms" : "");
    }
}
