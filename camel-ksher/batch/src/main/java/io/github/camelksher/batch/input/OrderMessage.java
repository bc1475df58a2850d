/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A message of the queue: an order, or how many orders its batch has.
 *
 * <pre>{@code
 * {"batch":"night-7","line":2,"operation":"close","mch_order_no":"A1","ksher_order_no":"","channel_order_no":"","channel":"wechat"}
 * {"batch":"night-7","total":1}
 * }</pre>
 *
 * <p>{@code other}, an object of texts, is carried into the report. {@code problem} is why the row
 * was INVALID when its file was read, for instance because it was cut off: its cells do not tell.
 */
public sealed interface OrderMessage {

    /** The name of its batch. */
    String batch();

    /** One order. */
    record Order(String batch, OrderRow row) implements OrderMessage {

        public String toJson() {
            ObjectNode json = json(batch).put("line", row.line());
            row.cells().forEach((column, cell) -> json.put(column.text(), cell));
            if (row.problem() != null) {
                json.put("problem", row.problem());
            }
            if (!row.others().isEmpty()) {
                row.others().forEach(json.putObject("other")::put);
            }
            return json.toString();
        }
    }

    /** How many orders the batch has. */
    record Total(String batch, long total) implements OrderMessage {

        public String toJson() {
            return json(batch).put("total", total).toString();
        }
    }

    /** What a batch may be called. */
    Pattern BATCH = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** A sender's {@code problem} goes into the report. */
    Pattern PROBLEM = Pattern.compile("[^\\p{Cc}\\p{Cs}]{0,300}");

    /** Strict: an ambiguous message is refused. */
    JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    // All messages would share a table of names: one message with colliding names
                    // would slow down every later one.
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads a message; the exception of one that is not such an object never quotes it. */
    static OrderMessage parse(String json) throws BadMessageException {
        JsonNode object;
        try {
            object = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new BadMessageException("is not JSON, or names a field twice");
        }
        if (!object.isObject()) {
            throw new BadMessageException("is not a JSON object");
        }
        String batch = object.path("batch").asText("");
        if (!object.path("batch").isTextual() || !BATCH.matcher(batch).matches()) {
            throw new BadMessageException("has no batch of 1 to 64 letters, digits, dots, underscores and hyphens");
        }
        if (object.has("total") == object.has("line")) {
            throw new BadMessageException("must have either line or total");
        }
        if (object.has("total")) {
            return new Total(batch, whole(object, "total", 0));
        }
        long line = whole(object, "line", 1);
        Map<Column, String> cells = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            cells.put(column, text(object, column.text(), column.text()));
        }
        String problem = text(object, "problem", "problem");
        if (!PROBLEM.matcher(problem).matches()) {
            throw new BadMessageException("problem is not one line of at most 300 characters");
        }
        OrderRow row = OrderRow.of(line, cells).withOthers(others(object.path("other")));
        return new Order(batch, problem.isBlank() ? row : row.withProblem(problem));
    }

    private static long whole(JsonNode object, String name, long least) throws BadMessageException {
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
            throw new BadMessageException(name + " is not a whole number from " + least);
        }
        return value.longValue();
    }

    private static Map<String, String> others(JsonNode object) throws BadMessageException {
        if (!object.isObject() && !object.isMissingNode() && !object.isNull()) {
            throw new BadMessageException("other is not an object");
        }
        Map<String, String> others = new LinkedHashMap<>();
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            others.put(name, text(object, name, "a value of other"));
        }
        return others;
    }

    /** @param shown what an error calls the field: a name may be the sender's own text */
    private static String text(JsonNode object, String name, String shown) throws BadMessageException {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual() && !value.isIntegralNumber()) {
            throw new BadMessageException(shown + " is neither text nor a whole number");
        }
        return value.asText();
    }

    private static ObjectNode json(String batch) {
        return MAPPER.createObjectNode().put("batch", batch);
    }
}
