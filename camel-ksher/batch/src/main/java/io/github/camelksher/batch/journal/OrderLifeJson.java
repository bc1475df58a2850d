/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.RowOperation;
import org.jspecify.annotations.Nullable;

/** Converts an {@link OrderLife} to the journal's JSON and back; defaults are left out. */
final class OrderLifeJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_DEFAULT, JsonInclude.Include.NON_DEFAULT))
            .build();
    private static final ObjectWriter WRITER = MAPPER.writerFor(OrderLife.class);
    private static final ObjectReader READER = MAPPER.readerFor(OrderLife.class);

    private OrderLifeJson() {}

    static String write(OrderLife life) {
        try {
            return Text.storable(WRITER.writeValueAsString(life));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a life is made of texts and numbers", e);
        }
    }

    /** Reads a stored life; a row without one begins a new one. */
    static OrderLife read(@Nullable String json, RowOperation operation) {
        try {
            return json == null ? OrderLife.begin(operation) : READER.readValue(json);
        } catch (JsonProcessingException e) {
            // Not chained, because its message would quote the text.
            throw new JournalException("The journal has a row whose life cannot be read: it is of another version.");
        }
    }
}
