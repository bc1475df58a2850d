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

/** Replies and notifications read their fields from here, when they are asked for: most routes look at one or two. */
@JsonAutoDetect(
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE,
        fieldVisibility = Visibility.NONE)
public abstract sealed class BaseReply implements KsherReply permits QueryReply, OrderCloseReply, GatewayCancelReply {

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,40})?");
    /** What Ksher sends, and what its pages document. */
    private static final List<DateTimeFormatter> TIMES =
            List.of(formatter("uuuu-MM-dd HH:mm:ss"), formatter("uuuuMMddHHmmss"));

    final VerifiedData data;

    BaseReply(VerifiedData data) {
        this.data = data;
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
        // An exponent is left to fields(): a few characters of it make a number that no one can print.
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
                    // The other form, or none: then null, and the text stays in fields().
                }
            }
        }
        return null;
    }

    @Nullable
    String isoText(@Nullable LocalDateTime time) {
        return time == null ? null : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }

    OrderState state() {
        // KsherClient refuses a query's reply without a result, so this is never null there.
        String text = data.text("result");
        return OrderState.of(text == null ? "" : text);
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
        return data.masked();
    }
}
