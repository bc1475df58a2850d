/** Ksher's protocol: requests checked and carried out, replies made, signed and written. Internal: applications use {@link io.github.camelksher.simulator} only. */
@NullMarked
package io.github.camelksher.simulator.protocol;

import org.jspecify.annotations.NullMarked;
