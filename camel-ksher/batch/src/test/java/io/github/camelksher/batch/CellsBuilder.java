/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.Column;
import java.util.EnumMap;
import java.util.Map;

/**
 * Builds the cells of a row; at first every cell is empty.
 *
 * @param <B> the builder itself, which each method returns
 */
abstract class CellsBuilder<B extends CellsBuilder<B>> {

    final Map<Column, String> cells = new EnumMap<>(Column.class);

    abstract B self();

    public B operation(String value) {
        return cell(Column.OPERATION, value);
    }

    public B mchOrderNo(String value) {
        return cell(Column.MCH_ORDER_NO, value);
    }

    public B ksherOrderNo(String value) {
        return cell(Column.KSHER_ORDER_NO, value);
    }

    public B channelOrderNo(String value) {
        return cell(Column.CHANNEL_ORDER_NO, value);
    }

    public B channel(String value) {
        return cell(Column.CHANNEL, value);
    }

    private B cell(Column column, String value) {
        cells.put(column, value);
        return self();
    }

    /** The same text in each number and the channel. */
    public B allCells(String value) {
        return mchOrderNo(value).ksherOrderNo(value).channelOrderNo(value).channel(value);
    }
}
