/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an input row asks for, and the calls that carry it out. */
public enum RowOperation {
    /** Close at KsherPay, for orders made by its calls (native, quick, app, mini pay). */
    CLOSE("close", "orderQuery", "orderClose"),
    /** Cancel at the gateway, for orders made as a payment page. */
    CANCEL("cancel", "gatewayQuery", "gatewayCancel"),
    /** Query a closed gateway order once more; never a command. */
    CHECK("check", "gatewayQuery", null);

    private final String text;
    private final String query;
    private final @Nullable String command;

    RowOperation(String text, String query, @Nullable String command) {
        this.text = text;
        this.query = query;
        this.command = command;
    }

    /** {@code close} or {@code cancel} in any case; null for any other text. */
    public static @Nullable RowOperation ofInput(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "close" -> CLOSE;
            case "cancel" -> CANCEL;
            default -> null;
        };
    }

    public String text() {
        return text;
    }

    /** The component's operation that queries the order. */
    public String query() {
        return query;
    }

    /** The component's operation that closes the order; null for {@link #CHECK}. */
    public @Nullable String command() {
        return command;
    }

    /** Whether it goes to the gateway, which takes only the merchant's order number. */
    public boolean atGateway() {
        return this != CLOSE;
    }
}
