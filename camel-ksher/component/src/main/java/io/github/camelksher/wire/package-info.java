/** Bytes to fields and back: the text to sign, the form to send, the JSON to parse. */
@NullMarked
package io.github.camelksher.wire;

import org.jspecify.annotations.NullMarked;
