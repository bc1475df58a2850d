/** What can go wrong with a call. Internal, except for {@link FaultKind}. */
@NullMarked
package io.github.camelksher.simulator.fault;

import org.jspecify.annotations.NullMarked;
