/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How JSON is read: always as UTF-8, and only to a certain depth. */
final class JsonRules {

    static final int MAX_DEPTH = 32;

    static final JsonFactory STRICT = factory(false, false);
    /** Some of Ksher's refusals come with single quotes. */
    static final JsonFactory SINGLE_QUOTES = factory(true, false);

    private static final JsonFactory CACHING_NAMES = factory(false, true);

    private JsonRules() {}

    private static JsonFactory factory(boolean singleQuotes, boolean cacheNames) {
        return new JsonFactoryBuilder()
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, cacheNames)
                // Jackson would take some first bytes for those of UTF-16 or UTF-32.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, singleQuotes)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
    }

    /**
     * Parses strictly, straight from the bytes, with a cache of the field names of all replies.
     * Names that were made to collide in the cache are refused as an oversized value.
     */
    static JsonParser cachingParser(byte[] raw) throws IOException {
        return CACHING_NAMES.createParser(raw);
    }

    /** Parses without the cache: slower, but no reply can spoil it for another. */
    static JsonParser parser(byte[] raw, JsonFactory rules) throws IOException {
        return rules.createParser(new String(raw, StandardCharsets.UTF_8));
    }
}
