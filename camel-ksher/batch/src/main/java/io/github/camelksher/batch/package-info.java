/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/**
 * Closes a night's unpaid orders: every order that came in has one row in a report, and the row is
 * true. This package takes orders in from a file, a watched folder or a queue, and finishes
 * batches; the packages below do the rest.
 */
@NullMarked
package io.github.camelksher.batch;

import org.jspecify.annotations.NullMarked;
