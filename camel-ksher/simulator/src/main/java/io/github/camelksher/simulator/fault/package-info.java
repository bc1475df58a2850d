/** What can go wrong with a call, and which call meets it. Internal: applications use {@link io.github.camelksher.simulator} only. */
@NullMarked
package io.github.camelksher.simulator.fault;

import org.jspecify.annotations.NullMarked;
