/** Orders as they change, and their table. Internal: applications use the package above. */
@NullMarked
package io.github.camelksher.simulator.order;

import org.jspecify.annotations.NullMarked;
