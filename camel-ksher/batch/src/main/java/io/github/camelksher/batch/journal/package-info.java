/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/**
 * The state of batches and orders on disk: {@code docs/decisions/004} and {@code 008}. Only this
 * package knows SQL, with a class for each table. {@code Lease} is a process's right to work on
 * rows. One thread writes.
 */
@NullMarked
package io.github.camelksher.batch.journal;

import org.jspecify.annotations.NullMarked;
