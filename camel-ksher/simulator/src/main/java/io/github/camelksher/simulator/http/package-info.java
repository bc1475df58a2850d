/** The server, its handlers, and the notifier. Internal: applications use the package above. */
@NullMarked
package io.github.camelksher.simulator.http;

import org.jspecify.annotations.NullMarked;
