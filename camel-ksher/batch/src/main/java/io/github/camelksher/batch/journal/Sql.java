/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Statements with named parameters on one connection. {@code :name} is a value, or all values of a
 * collection. {@code :now} is the journal's clock for each row; {@code :start} is the clock once
 * for each statement, so that an index can serve the condition. Both are the database's clock on
 * PostgreSQL and this process's clock on H2.
 */
record Sql(Connection connection, Database database, LongSupplier h2Clock) {

    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** PostgreSQL's driver would prepare a statement anew for a null without a type. */
    private enum NullOf {
        TEXT,
        NUMBER
    }

    private record Parsed(String text, List<String> names) {}

    private static final Pattern NAME = Pattern.compile("(?<!:):([a-z][A-Za-z_]*)");
    private static final String NOW = "now";
    private static final String START = "start";
    private static final Map<String, Parsed> POSTGRESQL = new ConcurrentHashMap<>();
    private static final Map<String, Parsed> H2 = new ConcurrentHashMap<>();

    /** The journal's clock. */
    long now() throws SQLException {
        return database == Database.H2 ? h2Clock.getAsLong() : of("SELECT :now").first(row -> row.getLong(1));
    }

    /** A statement for one row, or with {@link Statement#add} for many in one round trip. */
    Statement of(String text) {
        return new Statement(text);
    }

    private Parsed parse(String text, Map<String, Collection<?>> lists) {
        if (!lists.isEmpty()) {
            return parseAnew(text, lists);
        }
        return (database == Database.H2 ? H2 : POSTGRESQL).computeIfAbsent(text, key -> parseAnew(key, lists));
    }

    private Parsed parseAnew(String text, Map<String, Collection<?>> lists) {
        List<String> names = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        Matcher matcher = NAME.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            String clock = name.equals(NOW) ? database.now : name.equals(START) ? database.start : null;
            if (clock != null && database != Database.H2) {
                matcher.appendReplacement(plain, Matcher.quoteReplacement(clock));
                continue;
            }
            int values = lists.containsKey(name) ? lists.get(name).size() : 1;
            String one = clock == null ? "?" : clock;
            matcher.appendReplacement(plain, Matcher.quoteReplacement(one + (", " + one).repeat(values - 1)));
            for (int i = 0; i < values; i++) {
                names.add(name);
            }
        }
        return new Parsed(matcher.appendTail(plain).toString(), List.copyOf(names));
    }

    /** Closes itself when it was carried out. */
    final class Statement {

        private final String text;
        private final Map<String, Object> values = new HashMap<>();
        private final Map<String, Collection<?>> lists = new HashMap<>();
        private @Nullable PreparedStatement many;

        private Statement(String text) {
            this.text = text;
        }

        /** A text, also an enum's name, or a number or boolean that is not null. */
        Statement set(String name, @Nullable Object value) {
            values.put(name, value == null ? NullOf.TEXT : value);
            return this;
        }

        Statement setNumber(String name, @Nullable Number value) {
            values.put(name, value == null ? NullOf.NUMBER : value);
            return this;
        }

        /** @param list not empty */
        Statement setAll(String name, Collection<?> list) {
            lists.put(name, list);
            return this;
        }

        /** Sets an SQL array with a value of each element. */
        <T> Statement setArray(String name, String type, List<T> of, Function<T, @Nullable Object> value)
                throws SQLException {
            values.put(
                    name, connection.createArrayOf(type, of.stream().map(value).toArray()));
            return this;
        }

        int update() throws SQLException {
            try (PreparedStatement statement = prepare()) {
                return statement.executeUpdate();
            }
        }

        /** One more row for {@link #updateAll}. */
        Statement add() throws SQLException {
            if (many == null) {
                many = connection.prepareStatement(parse(text, lists).text());
            }
            bind(many);
            many.addBatch();
            return this;
        }

        /** For each added row, how many rows were changed. */
        int[] updateAll() throws SQLException {
            try (PreparedStatement statement = many) {
                return statement == null ? new int[0] : statement.executeBatch();
            } finally {
                many = null;
            }
        }

        <T> List<T> list(Reader<T> reader) throws SQLException {
            List<T> list = new ArrayList<>();
            try (PreparedStatement statement = prepare();
                    ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    list.add(reader.read(result));
                }
            }
            return list;
        }

        /** Reads the first row; null if there is none. */
        <T extends @Nullable Object> @Nullable T first(Reader<T> reader) throws SQLException {
            try (PreparedStatement statement = prepare();
                    ResultSet result = statement.executeQuery()) {
                return result.next() ? reader.read(result) : null;
            }
        }

        /** The values that the database gave to this column of the inserted rows. */
        List<Long> insertedKeys(String column) throws SQLException {
            Parsed parsed = parse(text, lists);
            List<Long> keys = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(parsed.text(), new String[] {column})) {
                bind(statement);
                statement.executeUpdate();
                try (ResultSet result = statement.getGeneratedKeys()) {
                    while (result.next()) {
                        keys.add(result.getLong(1));
                    }
                }
            }
            return keys;
        }

        private PreparedStatement prepare() throws SQLException {
            PreparedStatement statement =
                    connection.prepareStatement(parse(text, lists).text());
            try {
                bind(statement);
                return statement;
            } catch (SQLException | RuntimeException e) {
                statement.close();
                throw e;
            }
        }

        private void bind(PreparedStatement statement) throws SQLException {
            long clock = database == Database.H2 ? h2Clock.getAsLong() : 0;
            int index = 1;
            String before = "";
            int inList = 0;
            for (String name : parse(text, lists).names()) {
                inList = name.equals(before) ? inList + 1 : 0;
                before = name;
                Object value = name.equals(NOW) || name.equals(START) ? Long.valueOf(clock) : values.get(name);
                Collection<?> list = lists.get(name);
                if (list != null) {
                    value = List.copyOf(list).get(inList % list.size());
                }
                bind(statement, index++, value);
            }
        }

        private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
            if (value instanceof NullOf nothing) {
                statement.setNull(index, nothing == NullOf.TEXT ? Types.VARCHAR : Types.BIGINT);
            } else {
                statement.setObject(index, value instanceof Enum<?> constant ? constant.name() : value);
            }
        }
    }

    static @Nullable Long getLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
