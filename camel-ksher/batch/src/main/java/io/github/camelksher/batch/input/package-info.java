/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** The input: rows of a CSV file, messages of a queue. */
@NullMarked
package io.github.camelksher.batch.input;

import org.jspecify.annotations.NullMarked;
