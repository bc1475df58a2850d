/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/**
 * Who calls Ksher, when and how often: rows are claimed, each is led as far as it goes without waiting, and a pause holds all of them. Only
 * {@code KsherCalls} and {@code Events} know Camel. Time is a clock that a test can turn.
 */
@NullMarked
package io.github.camelksher.batch.run;

import org.jspecify.annotations.NullMarked;
