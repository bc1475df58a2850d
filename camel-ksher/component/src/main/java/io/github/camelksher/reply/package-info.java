/** Typed, immutable replies, made of verified data only. */
@NullMarked
package io.github.camelksher.reply;

import org.jspecify.annotations.NullMarked;
