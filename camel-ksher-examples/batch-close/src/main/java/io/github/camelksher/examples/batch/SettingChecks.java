/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.PropertyBindingException;
import org.jspecify.annotations.Nullable;

/**
 * Finds settings that cannot be used before anything is started with them. Its messages name the
 * setting, and never a secret.
 */
final class SettingChecks {

    private static final Pattern H2_FILE = Pattern.compile("(?i)jdbc:h2:(?:file:)?([^;]+).*");
    private static final Pattern OPTION = Pattern.compile("Option (\\w+) .*", Pattern.DOTALL);
    private static final Pattern SECRET = Pattern.compile("(?i).*(key|password|secret|token).*");

    private SettingChecks() {}

    /** The path of a directory that is there, or can be made. */
    static Path directory(String setting, String text) throws UsageException {
        try {
            Path path = Path.of(text);
            requireDirectory(setting, path);
            return path;
        } catch (InvalidPathException e) {
            throw new UsageException(setting + " is no path: " + text);
        }
    }

    private static void requireDirectory(String setting, Path path) throws UsageException {
        Path there = path.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new UsageException(
                    setting + " must be a directory: " + path + " cannot be one, since " + there + " is a file.");
        }
        if (!Files.isWritable(there)) {
            throw new UsageException(setting + " " + path + ": this user cannot write to " + there + ".");
        }
    }

    /** Refuses a URL that is neither H2's nor PostgreSQL's, or that is a file below a file. */
    static void journal(String url) throws UsageException {
        String lower = url.toLowerCase(Locale.ROOT);
        if (!lower.matches("jdbc:(postgresql|h2):.+")
                || lower.matches("jdbc:h2:(mem|tcp|ssl|zip|niomemfs|memfs|memlz|niomemlz):.*")) {
            throw new UsageException(
                    "--journal (batch.journal) must be jdbc:postgresql://host/database, or jdbc:h2:file:"
                            + " and a path: " + withoutSecrets(url));
        }
        Path file = h2File(url);
        if (file != null && file.toAbsolutePath().getParent() != null) {
            requireDirectory(
                    "--journal (batch.journal): the folder of its file",
                    file.toAbsolutePath().getParent());
        }
    }

    /** The journal's file without its ending; null if it is PostgreSQL's. */
    static @Nullable Path h2File(String url) {
        Matcher matcher = H2_FILE.matcher(url);
        if (!matcher.matches()) {
            return null;
        }
        // H2 itself reads a tilde so.
        return Path.of(matcher.group(1)
                .replaceFirst("^~(?=/|\\\\)", Matcher.quoteReplacement(System.getProperty("user.home"))));
    }

    /** A URL without its parameters and its user: both can hold a password. */
    static String withoutSecrets(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
    }

    /** What is wrong with a setting that the component, or Camel, does not take. */
    static UsageException unusable(Map<String, String> values, Throwable e) {
        String what = String.valueOf(RootCause.of(e).getMessage());
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            // Not its message, which has the value: a mistyped name may be that of a secret.
            if (cause instanceof PropertyBindingException binding && binding.getOptionKey() != null) {
                String prefix = String.valueOf(binding.getOptionPrefix()).replaceFirst("\\.?$", ".");
                String name = spelled(values, prefix + binding.getOptionKey());
                what = binding.getCause() == null
                        ? "there is no setting " + name
                        : name + " does not take its value" + shown(name, String.valueOf(binding.getValue()));
            }
        }
        Matcher option = OPTION.matcher(what);
        if (option.matches()) {
            String name = spelled(values, "camel.component.ksher." + option.group(1));
            what += shown(name, values.getOrDefault(name, ""));
        }
        return new UsageException("The settings cannot be used: " + what
                + "\nSettings are camel.component.ksher.app-id, .private-key, ... in a file (--config FILE), or in the environment"
                + " (CAMEL_COMPONENT_KSHER_APP_ID, ...).");
    }

    /** As it was written: {@code max-connections}, not {@code maxConnections}. */
    private static String spelled(Map<String, String> values, String name) {
        return values.keySet().stream()
                .filter(written -> written.replace("-", "").equalsIgnoreCase(name))
                .findFirst()
                .orElse(name);
    }

    /** The value, but of a secret only the file that it is in. */
    private static String shown(String name, String value) {
        boolean secret = SECRET.matcher(name).matches() && !value.matches("(file|classpath):\\S{1,200}");
        return secret || value.isEmpty() ? "" : ": " + value;
    }
}
