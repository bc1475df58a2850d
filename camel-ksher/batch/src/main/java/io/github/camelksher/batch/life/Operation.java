/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a row asks for, and the calls that carry it out. */
public enum Operation {
    /** Close at KsherPay: orders made by its own calls (native, quick, app, mini pay). */
    CLOSE("close", "orderQuery", "orderClose"),
    /** Cancel at the gateway: orders made as a payment page. */
    CANCEL("cancel", "gatewayQuery", "gatewayCancel"),
    /** Ask the gateway once more about an order that is closed; never a command. */
    CHECK("check", "gatewayQuery", null);

    private final String text;
    private final String query;
    private final @Nullable String command;

    Operation(String text, String query, @Nullable String command) {
        this.text = text;
        this.query = query;
        this.command = command;
    }

    /** The operation that an input row names, in any case; null if it is neither {@code close} nor {@code cancel}. */
    public static @Nullable Operation ofInput(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "close" -> CLOSE;
            case "cancel" -> CANCEL;
            default -> null;
        };
    }

    /** As in the input, in lower case. */
    public String text() {
        return text;
    }

    /** The component's operation that asks for the order's state. */
    public String query() {
        return query;
    }

    /** The component's operation that closes the order; null if this one sends none. */
    public @Nullable String command() {
        return command;
    }

    /** Whether it goes to the gateway, which takes the merchant's number only, and where a saved QR code can still be paid. */
    public boolean atGateway() {
        return this != CLOSE;
    }
}
