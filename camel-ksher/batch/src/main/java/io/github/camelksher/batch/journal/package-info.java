/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/**
 * What is on disk, and when: {@code docs/decisions/004} and {@code 008}. The only room that knows SQL. A class for each table; {@code
 * Lease} is a process's right to work on rows; one thread writes, and repeats what fails because the database is away.
 */
@NullMarked
package io.github.camelksher.batch.journal;

import org.jspecify.annotations.NullMarked;
