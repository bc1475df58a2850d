/** Orders as they change, and the table of them. Internal: applications use {@link io.github.camelksher.simulator} only. */
@NullMarked
package io.github.camelksher.simulator.order;

import org.jspecify.annotations.NullMarked;
