/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.fault;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.protocol.ApiCall;
import io.github.camelksher.simulator.protocol.ApiRequest;
import io.github.camelksher.simulator.protocol.OrderService;
import io.github.camelksher.simulator.protocol.ReplyFields;
import io.github.camelksher.simulator.protocol.ReplyWriter.Distortion;
import io.github.camelksher.simulator.protocol.UnsignedReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All faults: the name, the description and the behaviour of each. A constant added here is known
 * to the control API, and {@link Fault#of} makes one in Java. A method that a constant does not
 * override is that of a call without a fault.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep no state
public enum FaultKind implements Distortion {
    DELAY(
            CarriedOut.IF_ASKED,
            "waits `millis` before the call, or with `carriedOut` before the reply",
            "millis",
            p -> Fault.delay(p.millis("millis"))) {
        @Override
        public boolean carriesOut(Fault fault) {
            return true;
        }

        @Override
        public Wait delay(Fault fault) {
            return fault.isCarriedOut() ? Wait.ofMillis(0, fault.millis()) : Wait.ofMillis(fault.millis(), 0);
        }
    },
    REFUSED(
            CarriedOut.NEVER,
            "closes the connection, and really closes the port for `millis`",
            "millis",
            p -> Fault.refused(p.millis("millis"))) {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.refuse(fault.millis());
        }
    },
    LOST_REQUEST(CarriedOut.NEVER, "closes the connection before the call") {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.cut();
        }
    },
    LOST_REPLY(CarriedOut.ALWAYS, "closes the connection in place of the reply") {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.cut();
        }
    },
    STATUS(
            CarriedOut.IF_ASKED,
            "the HTTP `status` (503); `retryAfter` is the `Retry-After` in seconds",
            "status",
            p -> Fault.status(p.number("status", 503))) {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.send(fault.code(), "text/plain", "simulated " + fault.code(), fault.retryAfter());
        }
    },
    HTML(CarriedOut.IF_ASKED, "a web page with status 200") {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            String page = "<html><body><h1>Service is busy</h1></body></html>";
            caller.send(200, "text/html; charset=utf-8", page, null);
        }
    },
    TRUNCATED(CarriedOut.ALWAYS, "half of the reply, with the `Content-Length` of that half") {
        @Override
        public byte[] bytes(UnsignedReply reply, byte[] json) {
            return Arrays.copyOf(json, json.length / 2);
        }
    },
    BAD_SIGNATURE(CarriedOut.ALWAYS, "a signed reply whose signature does not verify", UnsignedReply::isSigned) {
        @Override
        public String sign(String sign) {
            int last = sign.length() - 1;
            return sign.substring(0, last) + (sign.charAt(last) == '0' ? '1' : '0');
        }
    },
    MISSING_SIGNATURE(CarriedOut.ALWAYS, "a signed reply without its signature", UnsignedReply::isSigned) {
        @Override
        public @Nullable String sign(String sign) {
            return null;
        }
    },
    OTHER_ORDER(CarriedOut.ALWAYS, "a validly signed reply that names another order", UnsignedReply::namesOrder) {
        @Override
        public Map<String, Object> data(Map<String, Object> data) {
            Map<String, Object> other = new TreeMap<>(data);
            for (String number : new String[] {"mch_order_no", "ksher_order_no", "channel_order_no"}) {
                other.computeIfPresent(
                        number,
                        (name, old) ->
                                "".equals(old) ? old : ReplyFields.nonce().substring(0, 24));
            }
            return other;
        }
    },
    OTHER_NONCE(CarriedOut.ALWAYS, "a validly signed reply with another nonce", UnsignedReply::isSigned) {
        @Override
        public Map<String, Object> data(Map<String, Object> data) {
            Map<String, Object> other = new TreeMap<>(data);
            other.put("nonce_str", ReplyFields.nonce());
            return other;
        }
    },
    TRICKLE(CarriedOut.ALWAYS, "a byte of the reply every `millis`", "millis", p -> Fault.trickle(p.millis("millis"))) {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.trickle(reply, fault.millis());
        }
    },
    REFUSAL(CarriedOut.IF_ASKED, "an unsigned refusal with `code`", "code", p -> Fault.refusal(p.number("code", 0))) {
        @Override
        public UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
            return UnsignedReply.refused(request.call(), fault.code());
        }
    },
    RESULT(
            CarriedOut.IF_ASKED,
            "a validly signed FAIL with `errCode` (`SYSTEMERROR`); on `gatewayCancel` with `--signed-cancels` only",
            "errCode",
            p -> Fault.result(p.text("errCode", "SYSTEMERROR"))) {
        @Override
        public boolean concerns(ApiCall call, OrderService service) {
            return service.signs(call);
        }

        @Override
        public UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
            return UnsignedReply.failure(request, fault.text(), "simulated " + fault.text());
        }
    },
    STATE(
            CarriedOut.ALWAYS,
            "a query's validly signed reply with this `result` (`NOTSURE`)",
            "result",
            p -> Fault.state(p.text("result", "NOTSURE"))) {
        @Override
        public boolean changes(UnsignedReply reply) {
            return reply.call().isQuery() && reply.namesOrder();
        }

        @Override
        public @Nullable UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
            return truth == null ? null : truth.withResult(fault.text());
        }
    },
    SINGLE_QUOTES(
            CarriedOut.ALWAYS, "a refusal in single quotes, as a page of Ksher's prints it", UnsignedReply::isRefusal) {
        @Override
        public byte[] bytes(UnsignedReply reply, byte[] json) {
            String msg = reply.msg();
            String text = "{'lang': '', 'code': " + reply.code() + ", 'msg': '" + msg + "', 'message': '" + msg + "'}";
            return text.getBytes(StandardCharsets.UTF_8);
        }
    },
    SIGNED_CANCEL(
            CarriedOut.ALWAYS,
            "a successful cancel with a signed object, as Ksher's SDKs expect it",
            reply -> reply.text() != null) {
        @Override
        public @Nullable UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
            return UnsignedReply.signedCancel(request);
        }
    };

    /** Whether a call that meets the fault is carried out. */
    public enum CarriedOut {
        ALWAYS,
        NEVER,
        /** Only after {@link Fault#afterCarryingOut}. */
        IF_ASKED
    }

    /** How long a call waits before it is carried out, and before its reply; in nanoseconds. */
    public record Wait(long before, long after) {

        public static final Wait NONE = new Wait(0, 0);

        static Wait ofMillis(long before, long after) {
            return new Wait(TimeUnit.MILLISECONDS.toNanos(before), TimeUnit.MILLISECONDS.toNanos(after));
        }

        public Wait plus(Wait other) {
            return new Wait(before + other.before, after + other.after);
        }
    }

    /** What was asked of a fault. A value of wrong type is an {@link IllegalArgumentException}. */
    public interface Parameters {

        /** The parameter as an int, or {@code otherwise} if there is none. */
        int number(String name, int otherwise);

        /** The parameter as a time in milliseconds, zero if there is none. */
        Duration millis(String name);

        /** The parameter as a text, or {@code otherwise} if there is none. */
        String text(String name, String otherwise);
    }

    private final CarriedOut carriedOut;
    private final String description;
    private final String parameter;
    private final Function<Parameters, Fault> reader;
    private final Predicate<UnsignedReply> changes;

    FaultKind(CarriedOut carriedOut, String description) {
        this(carriedOut, description, reply -> true);
    }

    FaultKind(CarriedOut carriedOut, String description, Predicate<UnsignedReply> changes) {
        this.carriedOut = carriedOut;
        this.description = description;
        this.parameter = "";
        this.reader = parameters -> Fault.of(this);
        this.changes = changes;
    }

    FaultKind(CarriedOut carriedOut, String description, String parameter, Function<Parameters, Fault> reader) {
        this.carriedOut = carriedOut;
        this.description = description;
        this.parameter = parameter;
        this.reader = reader;
        this.changes = reply -> true;
    }

    /** The names of the parameters of all kinds. */
    public static Set<String> parameters() {
        return Arrays.stream(values())
                .map(kind -> kind.parameter)
                .filter(parameter -> !parameter.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Whether a call that meets the fault is carried out. */
    public CarriedOut carriedOut() {
        return carriedOut;
    }

    /** What happens, in the words of the documentation. */
    public String description() {
        return description;
    }

    /** A fault of this kind with what was asked of it. */
    public Fault read(Parameters parameters) {
        return reader.apply(parameters);
    }

    /** Whether the fault can change anything about such a call. */
    public boolean concerns(ApiCall call, OrderService service) {
        return true;
    }

    /** How long the fault lets the call wait. */
    public Wait delay(Fault fault) {
        return Wait.NONE;
    }

    /** Whether the call is carried out. */
    public boolean carriesOut(Fault fault) {
        return fault.isCarriedOut();
    }

    /** Whether the fault changes anything about this reply, or the way it is sent. */
    public boolean changes(UnsignedReply reply) {
        return changes.test(reply);
    }

    /** What Ksher says in place of the truth; null for no reply, as of a call not carried out. */
    public @Nullable UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
        return truth;
    }

    /** Whether a notification can have the fault. */
    public boolean forgesNotifications() {
        return switch (this) {
            case TRUNCATED, BAD_SIGNATURE, MISSING_SIGNATURE, OTHER_ORDER -> true;
            default -> false;
        };
    }

    /** Sends the reply, which is empty if there is none. */
    public void send(Fault fault, byte[] reply, Caller caller) {
        caller.reply(reply);
    }
}
