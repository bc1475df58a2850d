/** What a call costs, measured beside the least that it can cost. */
@NullMarked
package io.github.camelksher.benchmarks;

import org.jspecify.annotations.NullMarked;
