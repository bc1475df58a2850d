/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One way for a call to go wrong. Immutable. Arm it with {@link Faults}. */
public final class Fault {

    /** What happens. */
    public enum Kind {
        /** The call waits, then goes on as usual. */
        DELAY,
        /** The call is cut unread, and the port is really closed for a while. */
        REFUSED,
        /** The connection is closed, and the call is not carried out. */
        LOST_REQUEST,
        /** The call is carried out, then the connection is closed without a reply. */
        LOST_REPLY,
        /** An HTTP status instead of a reply. */
        STATUS,
        /** A web page, with status 200. */
        HTML,
        /** Half of the reply, with the Content-Length of that half. */
        TRUNCATED,
        /** A signature of the right length that does not verify. */
        BAD_SIGNATURE,
        /** A code 0 without {@code sign}. */
        MISSING_SIGNATURE,
        /** A validly signed reply that names another order. */
        OTHER_ORDER,
        /** A validly signed reply with another nonce. */
        OTHER_NONCE,
        /** The reply comes one byte at a time. */
        TRICKLE,
        /** An unsigned refusal with a code, as Ksher sends it. */
        REFUSAL,
        /** A validly signed FAIL with an {@code err_code}. */
        RESULT,
        /** A validly signed reply to a query with another {@code result}. */
        STATE,
        /** A refusal as a page of Ksher's prints it, in single quotes, which is not JSON. */
        SINGLE_QUOTES,
        /** A cancel that succeeds is answered with a signed object, as Ksher's SDKs expect, in place of the text. */
        SIGNED_CANCEL
    }

    final Kind kind;
    final long millis;
    /** The HTTP status, or Ksher's code; 0 for neither. */
    final int code;
    /** The {@code err_code}, or the {@code result}; empty for neither. */
    final String text;

    final @Nullable Duration retryAfter;
    final boolean carriedOut;

    private Fault(Kind kind, long millis, int code, String text, @Nullable Duration retryAfter, boolean carriedOut) {
        this.kind = kind;
        this.millis = millis;
        this.code = code;
        this.text = text;
        this.retryAfter = retryAfter;
        this.carriedOut = carriedOut;
    }

    private static Fault of(Kind kind, Duration time, boolean carriedOut) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a fault's time must not be negative: " + time);
        }
        return new Fault(kind, time.toMillis(), 0, "", null, carriedOut);
    }

    /** The call waits before it is carried out. */
    public static Fault delay(Duration time) {
        return of(Kind.DELAY, time, false);
    }

    /** The call is carried out at once; its reply waits. */
    public static Fault delayReply(Duration time) {
        return of(Kind.DELAY, time, true);
    }

    /** See {@link Kind#REFUSED}; the port opens again after {@code closed}. Calls on other open connections are cut, too. */
    public static Fault refused(Duration closed) {
        return of(Kind.REFUSED, closed, false);
    }

    /** See {@link Kind#LOST_REQUEST}. */
    public static Fault lostRequest() {
        return of(Kind.LOST_REQUEST, Duration.ZERO, false);
    }

    /** See {@link Kind#LOST_REPLY}. */
    public static Fault lostReply() {
        return of(Kind.LOST_REPLY, Duration.ZERO, true);
    }

    /** This HTTP status (100 is not one: 200 to 599); the call is not carried out. */
    public static Fault status(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be from 200 to 599: " + status);
        }
        return new Fault(Kind.STATUS, 0, status, "", null, false);
    }

    /** See {@link Kind#HTML}; the call is not carried out. */
    public static Fault html() {
        return of(Kind.HTML, Duration.ZERO, false);
    }

    /** See {@link Kind#TRUNCATED}. */
    public static Fault truncated() {
        return of(Kind.TRUNCATED, Duration.ZERO, true);
    }

    /** See {@link Kind#BAD_SIGNATURE}; without effect on a reply that is not signed. */
    public static Fault badSignature() {
        return of(Kind.BAD_SIGNATURE, Duration.ZERO, true);
    }

    /** See {@link Kind#MISSING_SIGNATURE}; without effect on a reply that is not signed. */
    public static Fault missingSignature() {
        return of(Kind.MISSING_SIGNATURE, Duration.ZERO, true);
    }

    /** See {@link Kind#OTHER_ORDER}; without effect on a reply that is not signed or names no order. */
    public static Fault otherOrder() {
        return of(Kind.OTHER_ORDER, Duration.ZERO, true);
    }

    /** See {@link Kind#OTHER_NONCE}; without effect on a reply that is not signed. */
    public static Fault otherNonce() {
        return of(Kind.OTHER_NONCE, Duration.ZERO, true);
    }

    /** See {@link Kind#TRICKLE}. */
    public static Fault trickle(Duration perByte) {
        return of(Kind.TRICKLE, perByte, true);
    }

    /** A refusal with this code, not 0; the call is not carried out. */
    public static Fault refusal(int code) {
        if (code == 0) {
            throw new IllegalArgumentException("a refusal needs a code other than 0");
        }
        return new Fault(Kind.REFUSAL, 0, code, "", null, false);
    }

    /**
     * See {@link Kind#RESULT}; the call is not carried out. Without effect on {@code gatewayCancel}, unless the simulator signs
     * its replies to that ({@link KsherSimulatorBuilder#signedCancels}).
     */
    public static Fault result(String errCode) {
        return new Fault(Kind.RESULT, 0, 0, errCode, null, false);
    }

    /** See {@link Kind#STATE}; the query is carried out. Without effect on commands, and on queries that find no order. */
    public static Fault state(String result) {
        return new Fault(Kind.STATE, 0, 0, result, null, true);
    }

    /** See {@link Kind#SINGLE_QUOTES}; without effect on a reply that is no refusal. */
    public static Fault singleQuotes() {
        return of(Kind.SINGLE_QUOTES, Duration.ZERO, true);
    }

    /** See {@link Kind#SIGNED_CANCEL}; without effect on other calls, and on a cancel that is refused. */
    public static Fault signedCancel() {
        return of(Kind.SIGNED_CANCEL, Duration.ZERO, true);
    }

    /** With a {@code Retry-After} header, in whole seconds; for {@link #status}. */
    public Fault retryAfter(Duration time) {
        return new Fault(kind, millis, code, text, time, carriedOut);
    }

    /**
     * The call is carried out, and then goes wrong; for {@link #status}, {@link #html}, {@link #refusal} and {@link #result},
     * no change for the others.
     */
    public Fault afterCarryingOut() {
        return switch (kind) {
            case STATUS, HTML, REFUSAL, RESULT -> new Fault(kind, millis, code, text, retryAfter, true);
            default -> this;
        };
    }

    /** What happens. */
    public Kind kind() {
        return kind;
    }

    @Override
    public String toString() {
        return kind
                + (code != 0 ? " " + code : "")
                + (text.isEmpty() ? "" : " " + text)
                + (millis > 0 ? " " + millis + " ms" : "");
    }
}
