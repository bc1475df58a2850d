/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.ClientSettings;
import io.github.camelksher.client.Parameter;
import io.github.camelksher.client.ValueProblem;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/** Reads and checks the values of options. Messages name the option and never quote its value. */
final class OptionChecks {

    static final int HIGHEST_PORT = 65_535;

    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** The longest time that the timers of HttpClient take. */
    private static final Duration LONGEST = Duration.ofDays(20);

    /** Of Camel, Spring, shells, Windows and Maven; the last three only as the whole value. */
    private static final Pattern PLACEHOLDER =
            Pattern.compile(".*(\\$\\{|\\{\\{).*|\\$[A-Za-z_]\\w*|%[A-Za-z_]\\w*%|@[A-Za-z_][\\w.-]*@", Pattern.DOTALL);

    private static final Pattern URL_TEXT = Pattern.compile("([!-~&&[^%\"<>\\\\^`{|}]]|%[0-9A-Fa-f]{2})+");

    private static final Pattern RESOURCE = Pattern.compile("(file|classpath):.*", Pattern.DOTALL);
    /** Two letters at least: a single one is a Windows drive. */
    private static final Pattern OTHER_PREFIX = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:\\S.*", Pattern.DOTALL);
    /** A PEM, or base64 with the first letter of every DER key. */
    private static final Pattern KEY_ITSELF = Pattern.compile("-----(BEGIN|END) |M[A-P][\\w+/=\\\\\\s]{60,}");

    private static final int LONGEST_NAME = 40;
    private static final int MAX_KEY_FILE = 65_536;

    private OptionChecks() {}

    static @Nullable String trimmedOrNull(@Nullable String value) {
        return value == null ? null : trimmed(value);
    }

    /** Drops the blanks and byte order marks that editors leave around a value. */
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

    /** Drops quotes around a value, which Docker keeps from its env files. */
    static String unquoted(String value) {
        int last = value.length() - 1;
        char first = last < 1 ? ' ' : value.charAt(0);
        return (first == '"' || first == '\'') && value.charAt(last) == first ? value.substring(1, last) : value;
    }

    /**
     * Null for an empty value, such as that of an unset environment variable.
     *
     * @throws IllegalArgumentException if the value is an unresolved placeholder
     */
    static @Nullable String optional(String option, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (PLACEHOLDER.matcher(value).matches()) {
            throw new IllegalArgumentException("Option " + option
                    + " is or contains an unresolved placeholder: set the variable or property that it names");
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

    /** Like {@link #optional}, but refuses what Ksher never takes. */
    static @Nullable String sendable(String option, @Nullable String value) {
        String given = optional(option, value);
        String problem = given == null ? null : ValueProblem.describe("value", given, Parameter.USUAL_LENGTH);
        if (problem != null) {
            throw new IllegalArgumentException("Option " + option + " " + problem);
        }
        return given;
    }

    /**
     * The text of a key: the value itself, or the content of the resource that it names. No message
     * quotes the value, not even as a resource's name, since some put file: before the key itself.
     */
    static String key(CamelContext context, String option, String value) {
        String text = unquoted(value);
        if (RESOURCE.matcher(text).matches()) {
            return ClientSettings.keyText(option, resource(context, option, text));
        }
        if (OTHER_PREFIX.matcher(text).matches() && !text.contains("-----BEGIN ")) {
            throw new IllegalArgumentException(
                    "Option " + option
                            + " begins with a prefix that is neither file: nor classpath:, in lower case; a key itself has no prefix");
        }
        return text;
    }

    private static byte[] resource(CamelContext context, String option, String name) {
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, name)) {
            return in.readNBytes(MAX_KEY_FILE);
        } catch (IOException | RuntimeException e) {
            // Without the cause, whose message quotes the name.
            throw new IllegalArgumentException("Option " + option + " " + whyUnreadable(context, name));
        }
    }

    private static String whyUnreadable(CamelContext context, String name) {
        int colon = name.indexOf(':');
        String prefix = name.substring(0, colon + 1);
        if (KEY_ITSELF.matcher(name).find()) {
            return "has " + prefix + " before what looks like the key itself: leave the prefix out";
        }
        if (prefix.equals("classpath:")) {
            return "names a resource that is not on the class path";
        }
        // Camel decodes the name, so only Camel knows the file.
        File file =
                new File(ResourceHelper.resolveResource(context, name).getURI().getPath());
        if (file.isDirectory()) {
            return "names a directory where a file is expected";
        }
        if (file.exists()) {
            return "names a file that this process may not read: look at its owner and mode";
        }
        return new File(name.substring(colon + 1)).isAbsolute()
                ? "names a file that does not exist"
                : "names a file that does not exist: its path is relative, so it begins at the directory in which the"
                        + " JVM was started";
    }

    /**
     * The options of a URI whose value is a secret itself, not the name of a file or bean.
     *
     * @return the names of the options
     */
    static Set<String> secretsInClear(Map<String, Object> parameters) {
        Set<String> names = new TreeSet<>();
        parameters.forEach((name, value) -> {
            String text = String.valueOf(value);
            boolean bean = text.startsWith("#bean:") || text.startsWith("#property:");
            boolean resource = RESOURCE.matcher(text).matches()
                    && !KEY_ITSELF.matcher(text).find();
            switch (bean || text.isBlank() ? "" : plain(name)) {
                case "privatekey" -> {
                    if (!resource) {
                        names.add("privateKey");
                    }
                }
                case "privatekeypassword" -> names.add("privateKeyPassword");
                default -> {}
            }
        });
        return names;
    }

    /** Refuses an option that is given twice: Camel would take either, or a list. */
    static void givenOnce(Map<String, Object> parameters) {
        Set<String> names = new HashSet<>();
        parameters.forEach((name, value) -> {
            if (name.isBlank()) {
                throw new IllegalArgumentException("The URI has an option without a name: look for && or a stray =");
            }
            if (value instanceof Collection || !names.add(plain(name))) {
                throw new IllegalArgumentException("Option " + name + " is given more than once in the URI");
            }
        });
    }

    /** Camel accepts maxReplySize, maxreplysize, max-reply-size and configuration.maxReplySize. */
    private static String plain(String name) {
        String plain = name.replace("-", "").toLowerCase(Locale.ROOT);
        return plain.startsWith("configuration.") ? plain.substring("configuration.".length()) : plain;
    }

    /** Hides a long name, which may be a key in the wrong place. */
    static String name(String name) {
        return name.length() <= LONGEST_NAME ? name : "(" + name.length() + " characters)";
    }

    /** The message for a value of the wrong type. */
    static String misfit(String option, @Nullable Class<?> type) {
        String wanted = "a text or a bean, and there is no bean of that name";
        if (type == Duration.class) {
            wanted = "a duration, such as 30s, 1m30s or a number of milliseconds";
        } else if (type == int.class) {
            wanted = "a whole number";
        } else if (type == boolean.class) {
            wanted = "true or false";
        } else if (type != null && type.isEnum()) {
            wanted = "one of " + List.of(type.getEnumConstants());
        }
        return "Option " + option + " has a value that cannot be used: it takes " + wanted;
    }

    /** Checks a base URL, and drops the slash at its end. */
    static String baseUrl(String option, @Nullable String value) {
        String base = required(option, value);
        if (!URL_TEXT.matcher(base).matches()) {
            // HttpClient would send '?' for a letter that is not ASCII.
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
            // The exception below says what a base URL looks like.
        }
        throw new IllegalArgumentException("Option " + option
                + " is not a base URL: it must be http:// or https:// with a host, without user, query, fragment and"
                + " IPv6 zone, with no port or one from 1 to " + HIGHEST_PORT);
    }

    /** Refuses less than a millisecond, which for HttpClient and sockets is no limit. */
    static Duration positive(String option, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "Option " + option
                            + " must be longer than zero: write 30s, 1m30s or a number of milliseconds; any other text counts as zero");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Option " + option + " must be at most " + LONGEST.toDays() + " days");
        }
        return value;
    }

    static int positive(String option, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException("Option " + option + " must be a whole number above zero");
        }
        return value;
    }
}
