/** Typed, immutable replies. They can only be made of data that {@code wire} vouches for. */
@NullMarked
package io.github.camelksher.reply;

import org.jspecify.annotations.NullMarked;
