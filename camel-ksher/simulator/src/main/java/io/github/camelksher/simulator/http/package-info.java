/** The port, the handlers of calls and of the control API, and the notifications of merchants. Internal: applications use {@link io.github.camelksher.simulator} only. */
@NullMarked
package io.github.camelksher.simulator.http;

import org.jspecify.annotations.NullMarked;
