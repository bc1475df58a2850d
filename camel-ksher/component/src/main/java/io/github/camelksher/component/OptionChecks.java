/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an option's value means, and which values are refused. Messages name the option and never show its value. */
final class OptionChecks {

    static final int HIGHEST_PORT = 65_535;

    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** What fits the timers of the HTTP client. */
    private static final Duration LONGEST = Duration.ofDays(20);

    /** Of Camel, Spring, shells, Windows and Maven. The last three are letters of a URL too, so they count only alone. */
    private static final Pattern PLACEHOLDER =
            Pattern.compile(".*(\\$\\{|\\{\\{).*|\\$[A-Za-z_]\\w*|%[A-Za-z_]\\w*%|@[A-Za-z_][\\w.-]*@", Pattern.DOTALL);

    private static final Pattern URL_TEXT = Pattern.compile("([!-~&&[^%\"<>\\\\^`{|}]]|%[0-9A-Fa-f]{2})+");

    private OptionChecks() {}

    static @Nullable String trimmedOrNull(@Nullable String value) {
        return value == null ? null : trimmed(value);
    }

    /** Without the blanks and the byte order mark that editors and properties files leave around a value. */
    static String trimmed(String value) {
        int begin = 0;
        int end = value.length();
        while (begin < end && isBlank(value.charAt(begin))) {
            begin++;
        }
        while (begin < end && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(begin, end);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
    }

    /** Docker's env files keep the quotes around a value. */
    static String unquoted(String value) {
        int last = value.length() - 1;
        char first = last < 1 ? ' ' : value.charAt(0);
        return (first == '"' || first == '\'') && value.charAt(last) == first ? value.substring(1, last) : value;
    }

    /**
     * Null for a property that is there but empty, as an environment variable that is not set leaves it: it sets nothing.
     *
     * @throws IllegalArgumentException if the value is a placeholder that nothing resolved
     */
    static @Nullable String optional(String option, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (PLACEHOLDER.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "Option " + option
                            + " is, or has in it, a placeholder that nothing resolved: set the variable or property that it names");
        }
        return value;
    }

    static String required(String option, @Nullable String value) {
        String given = optional(option, value);
        if (given == null) {
            throw new IllegalArgumentException("Option " + option + " is required, on the endpoint or the component");
        }
        return given;
    }

    /** A base URL without a slash at its end. */
    static String baseUrl(String option, @Nullable String value) {
        String base = required(option, value);
        if (!URL_TEXT.matcher(base).matches()) {
            // HttpClient would send a question mark for a letter that is not ASCII.
            throw new IllegalArgumentException("Option " + option + " is not a base URL: it has a blank, a backslash,"
                    + " a letter that is not ASCII, or another character that no URL has. In a path write it"
                    + " percent-encoded, in a host name in the form xn--");
        }
        try {
            URI uri = URI.create(base);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getHost().indexOf('%') < 0
                    && uri.getPort() != 0
                    && uri.getPort() <= HIGHEST_PORT
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null) {
                return scheme + base.substring(scheme.length()).replaceAll("/+$", "");
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the message that says what a base URL looks like.
        }
        throw new IllegalArgumentException("Option " + option
                + " is not a base URL: it must be http:// or https:// with a host, without user, query, fragment and"
                + " IPv6 zone, with no port or one from 1 to " + HIGHEST_PORT);
    }

    /** Not of less than a millisecond: to the HTTP client and to sockets that is zero, which stands for no limit. */
    static Duration positive(String option, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("Option " + option + " must be longer than zero: " + value.toMillis());
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Option " + option + " must be at most " + LONGEST.toDays() + " days");
        }
        return value;
    }

    static int positive(String option, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException("Option " + option + " must be positive: " + value);
        }
        return value;
    }
}
