/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** The report, a pure function of the journal. */
@NullMarked
package io.github.camelksher.batch.report;

import org.jspecify.annotations.NullMarked;
