/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/**
 * Claims rows, makes their calls at the right pace, and pauses or stops when calls fail. Only
 * {@code KsherCalls} and {@code Events} know Camel. A test can turn the clock.
 */
@NullMarked
package io.github.camelksher.batch.run;

import org.jspecify.annotations.NullMarked;
