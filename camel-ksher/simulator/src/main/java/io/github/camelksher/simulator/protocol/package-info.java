/** Requests checked and executed, replies signed. Internal: applications use the package above. */
@NullMarked
package io.github.camelksher.simulator.protocol;

import org.jspecify.annotations.NullMarked;
