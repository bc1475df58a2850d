/** Bytes to fields and back: the text that is signed, the form that is sent, the JSON that comes back. */
@NullMarked
package io.github.camelksher.wire;

import org.jspecify.annotations.NullMarked;
