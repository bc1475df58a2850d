/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts the input's other columns to the journal's JSON and back, in the order of the input. */
final class OtherColumns {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<LinkedHashMap<String, String>> TYPE = new TypeReference<>() {};

    private OtherColumns() {}

    /** Null if there are no other columns. */
    static @Nullable String write(Map<String, String> columns) {
        try {
            return columns.isEmpty() ? null : Text.storable(MAPPER.writeValueAsString(columns));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can be written as JSON", e);
        }
    }

    static Map<String, String> read(@Nullable String json) {
        try {
            return json == null ? Map.of() : MAPPER.readValue(json, TYPE);
        } catch (JsonProcessingException e) {
            // Not chained, because its message would quote the text.
            throw new JournalException("The journal has a row whose other columns cannot be read.");
        }
    }
}
