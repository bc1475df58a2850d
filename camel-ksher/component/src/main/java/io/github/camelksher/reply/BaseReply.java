/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts a field when it is read: most routes read one or two. */
@JsonAutoDetect(
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE,
        fieldVisibility = Visibility.NONE)
public abstract sealed class BaseReply implements KsherReply permits QueryReply, OrderCloseReply, GatewayCancelReply {

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,40})?");
    /** The form that Ksher sends, and the one that its pages document. */
    private static final List<DateTimeFormatter> TIMES =
            List.of(formatter("uuuu-MM-dd HH:mm:ss"), formatter("uuuuMMddHHmmss"));

    final VerifiedData data;

    BaseReply(VerifiedData data) {
        this.data = data;
    }

    /** The merchant that the reply is for, {@code appid}. Null if absent or empty. */
    @JsonProperty
    public @Nullable String appId() {
        return text("appid");
    }

    /** The merchant's order number. Null if absent or empty. */
    @JsonProperty
    public @Nullable String mchOrderNo() {
        return text("mch_order_no");
    }

    /** The nonce of the reply. Null if absent or empty. */
    @JsonProperty
    public @Nullable String nonceStr() {
        return text("nonce_str");
    }

    @Override
    public Map<String, String> fields() {
        return data.fields();
    }

    @Override
    public String raw() {
        return data.raw();
    }

    @Override
    @JsonProperty
    public @Nullable String message() {
        return data.message();
    }

    @Override
    @JsonProperty
    public @Nullable String errorCode() {
        return data.text("err_code");
    }

    @Override
    @JsonProperty
    public @Nullable String errorMessage() {
        return data.text("err_msg");
    }

    @Nullable
    String text(String name) {
        return data.text(name);
    }

    @Nullable
    Long amount(String name) {
        String text = data.text(name);
        if (text == null || !INTEGER.matcher(text).matches()) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Nullable
    BigDecimal decimal(String name) {
        String text = data.text(name);
        // No exponent: a few characters of it make a number that is too long to print.
        return text == null || !DECIMAL.matcher(text).matches() ? null : new BigDecimal(text);
    }

    @Nullable
    LocalDateTime time(String name) {
        String text = data.text(name);
        if (text != null) {
            for (DateTimeFormatter form : TIMES) {
                try {
                    return LocalDateTime.parse(text, form);
                } catch (DateTimeParseException e) {
                    // Tries the next form; if none fits, the text is in fields() only.
                }
            }
        }
        return null;
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BaseReply reply
                && reply.getClass() == getClass()
                && reply.raw().equals(raw());
    }

    @Override
    public int hashCode() {
        return raw().hashCode();
    }

    /** The reply's JSON with {@code openid} and {@code sign} masked. */
    @Override
    public String toString() {
        return data.redacted();
    }
}
