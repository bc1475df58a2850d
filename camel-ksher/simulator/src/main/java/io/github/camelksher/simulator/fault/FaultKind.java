/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.fault;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.protocol.ApiCall;
import io.github.camelksher.simulator.protocol.ApiRequest;
import io.github.camelksher.simulator.protocol.Distortion;
import io.github.camelksher.simulator.protocol.OrderService;
import io.github.camelksher.simulator.protocol.ReplyFields;
import io.github.camelksher.simulator.protocol.UnsignedReply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All faults: the name, the description and the behaviour of each. A constant added here is known to the control API, and {@link
 * Fault#of} makes one in Java. A method that a constant does not override is that of a call without a fault.
 */
public enum FaultKind implements Distortion {
    DELAY(CarriedOut.IF_ASKED, "millis", "waits `millis` before the call, or with `carriedOut` before the reply") {
        @Override
        public Fault read(FaultParameters parameters) {
            return Fault.delay(parameters.millis(parameter()));
        }

        @Override
        public boolean carriesOut(Fault fault) {
            return true;
        }

        @Override
        public Wait delay(Fault fault) {
            return fault.isCarriedOut() ? Wait.ofMillis(0, fault.millis()) : Wait.ofMillis(fault.millis(), 0);
        }
    },
    REFUSED(CarriedOut.NEVER, "millis", "closes the connection, and really closes the port for `millis`") {
        @Override
        public Fault read(FaultParameters parameters) {
            return Fault.refused(parameters.millis(parameter()));
        }

        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.refuse(fault.millis());
        }
    },
    LOST_REQUEST(CarriedOut.NEVER, "", "closes the connection before the call") {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.cut();
        }
    },
    LOST_REPLY(CarriedOut.ALWAYS, "", "closes the connection in place of the reply") {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.cut();
        }
    },
    STATUS(CarriedOut.IF_ASKED, "status", "the HTTP `status` (503); `retryAfter` is the `Retry-After` in seconds") {
        @Override
        public Fault read(FaultParameters parameters) {
            return Fault.status(parameters.number(parameter(), 503));
        }

        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.send(fault.code(), "text/plain", "simulated " + fault.code(), fault.retryAfter());
        }
    },
    HTML(CarriedOut.IF_ASKED, "", "a web page with status 200") {
        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            String page = "<html><body><h1>Service is busy</h1></body></html>";
            caller.send(200, "text/html; charset=utf-8", page, null);
        }
    },
    TRUNCATED(CarriedOut.ALWAYS, "", "half of the reply, with the `Content-Length` of that half") {
        @Override
        public boolean forgesNotifications() {
            return true;
        }

        @Override
        public byte[] bytes(UnsignedReply reply, byte[] json) {
            return Arrays.copyOf(json, json.length / 2);
        }
    },
    BAD_SIGNATURE(CarriedOut.ALWAYS, "", "a signed reply whose signature does not verify") {
        @Override
        public boolean forgesNotifications() {
            return true;
        }

        @Override
        public boolean changes(UnsignedReply reply) {
            return reply.data() != null;
        }

        @Override
        public String sign(String sign) {
            int last = sign.length() - 1;
            return sign.substring(0, last) + (sign.charAt(last) == '0' ? '1' : '0');
        }
    },
    MISSING_SIGNATURE(CarriedOut.ALWAYS, "", "a signed reply without its signature") {
        @Override
        public boolean forgesNotifications() {
            return true;
        }

        @Override
        public boolean changes(UnsignedReply reply) {
            return reply.data() != null;
        }

        @Override
        public @Nullable String sign(String sign) {
            return null;
        }
    },
    OTHER_ORDER(CarriedOut.ALWAYS, "", "a validly signed reply that names another order") {
        @Override
        public boolean forgesNotifications() {
            return true;
        }

        @Override
        public boolean changes(UnsignedReply reply) {
            return namesOrder(reply);
        }

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
    OTHER_NONCE(CarriedOut.ALWAYS, "", "a validly signed reply with another nonce") {
        @Override
        public boolean changes(UnsignedReply reply) {
            return reply.data() != null;
        }

        @Override
        public Map<String, Object> data(Map<String, Object> data) {
            Map<String, Object> other = new TreeMap<>(data);
            other.put("nonce_str", ReplyFields.nonce());
            return other;
        }
    },
    TRICKLE(CarriedOut.ALWAYS, "millis", "a byte of the reply every `millis`") {
        @Override
        public Fault read(FaultParameters parameters) {
            return Fault.trickle(parameters.millis(parameter()));
        }

        @Override
        public void send(Fault fault, byte[] reply, Caller caller) {
            caller.trickle(reply, fault.millis());
        }
    },
    REFUSAL(CarriedOut.IF_ASKED, "code", "an unsigned refusal with `code`") {
        @Override
        public Fault read(FaultParameters parameters) {
            return Fault.refusal(parameters.number(parameter(), 0));
        }

        @Override
        public UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
            return UnsignedReply.refused(request.call(), fault.code());
        }
    },
    RESULT(
            CarriedOut.IF_ASKED,
            "errCode",
            "a validly signed FAIL with `errCode` (`SYSTEMERROR`); on `gatewayCancel` with `--signed-cancels` only") {
        @Override
        public Fault read(FaultParameters parameters) {
            return Fault.result(parameters.text(parameter(), "SYSTEMERROR"));
        }

        @Override
        public boolean concerns(ApiCall call, OrderService service) {
            return service.signs(call);
        }

        @Override
        public UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
            return UnsignedReply.failure(request, fault.text(), "simulated " + fault.text());
        }
    },
    STATE(CarriedOut.ALWAYS, "result", "a query's validly signed reply with this `result` (`NOTSURE`)") {
        @Override
        public Fault read(FaultParameters parameters) {
            return Fault.state(parameters.text(parameter(), "NOTSURE"));
        }

        @Override
        public boolean concerns(ApiCall call, OrderService service) {
            return call.isQuery();
        }

        @Override
        public boolean changes(UnsignedReply reply) {
            return namesOrder(reply);
        }

        @Override
        public @Nullable UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
            return truth == null ? null : truth.withResult(fault.text());
        }
    },
    SINGLE_QUOTES(CarriedOut.ALWAYS, "", "a refusal in single quotes, as a page of Ksher's prints it") {
        @Override
        public boolean changes(UnsignedReply reply) {
            return reply.code() != 0;
        }

        @Override
        public byte[] bytes(UnsignedReply reply, byte[] json) {
            String msg = reply.msg();
            String text = "{'lang': '', 'code': " + reply.code() + ", 'msg': '" + msg + "', 'message': '" + msg + "'}";
            return text.getBytes(StandardCharsets.UTF_8);
        }
    },
    SIGNED_CANCEL(CarriedOut.ALWAYS, "", "a successful cancel with a signed object, as Ksher's SDKs expect it") {
        @Override
        public boolean concerns(ApiCall call, OrderService service) {
            return call == ApiCall.GATEWAY_CANCEL;
        }

        @Override
        public boolean changes(UnsignedReply reply) {
            return reply.text() != null;
        }

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

    private final CarriedOut carriedOut;
    private final String parameter;
    private final String description;

    FaultKind(CarriedOut carriedOut, String parameter, String description) {
        this.carriedOut = carriedOut;
        this.parameter = parameter;
        this.description = description;
    }

    /**
     * The kind with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static FaultKind ofName(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown kind of fault '" + name + "': one of " + Arrays.toString(values())));
    }

    /** The names of all parameters. */
    public static Set<String> parameters() {
        return Arrays.stream(values())
                .map(FaultKind::parameter)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Whether a call that meets the fault is carried out. */
    public CarriedOut carriedOut() {
        return carriedOut;
    }

    /** The name of the one parameter that it takes; empty for none. */
    public String parameter() {
        return parameter;
    }

    /** What happens, in the words of the documentation. */
    public String description() {
        return description;
    }

    /** A fault of this kind with what was asked of it. */
    public Fault read(FaultParameters parameters) {
        return Fault.of(this);
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
        return true;
    }

    /** What Ksher says in place of the truth; both are null if the call was not carried out and nothing is said. */
    public @Nullable UnsignedReply replace(Fault fault, ApiRequest request, @Nullable UnsignedReply truth) {
        return truth;
    }

    /** Whether a notification can have the fault. */
    public boolean forgesNotifications() {
        return false;
    }

    /** Sends the reply, which is empty if there is none. */
    public void send(Fault fault, byte[] reply, Caller caller) {
        caller.reply(reply);
    }

    private static boolean namesOrder(UnsignedReply reply) {
        return reply.data() != null && reply.data().containsKey("mch_order_no");
    }
}
