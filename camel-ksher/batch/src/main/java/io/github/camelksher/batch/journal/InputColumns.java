/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns of order_row that hold the input's cells as they came. */
final class InputColumns {

    static final String NAMES = Arrays.stream(Column.values()).map(Column::text).collect(Collectors.joining(", "));

    private InputColumns() {}

    static Map<Column, String> read(ResultSet row) throws SQLException {
        Map<Column, String> cells = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            cells.put(column, row.getString(column.text()));
        }
        return cells;
    }

    /** Whether the stored cells are those of a row that came in. */
    static boolean areSame(ResultSet stored, OrderRow row) throws SQLException {
        return read(stored).entrySet().stream()
                .allMatch(cell -> cell.getValue().equals(Text.storable(row.cell(cell.getKey()))));
    }
}
