/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wrong on purpose with a reply as it is written: nothing, unless a method says otherwise. */
public interface Distortion {

    Distortion NONE = new Distortion() {};

    /** The fields, before they are signed. */
    default Map<String, Object> data(Map<String, Object> data) {
        return data;
    }

    /** The signature, null for none. */
    default @Nullable String sign(String sign) {
        return sign;
    }

    /** The bytes of the whole reply. */
    default byte[] bytes(UnsignedReply reply, byte[] json) {
        return json;
    }
}
