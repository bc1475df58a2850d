/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/**
 * Closing a night's unpaid orders: every order that came in has one row in a report, and the row is true. Here are the ways in (a file, a
 * watched folder, a queue) and the way out (the finisher); the rooms below do the work.
 */
@NullMarked
package io.github.camelksher.batch;

import org.jspecify.annotations.NullMarked;
