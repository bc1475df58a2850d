/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.time.Instant;

/** A row of the report. */
record ReportRow(OrderRow order, Verdict verdict, int calls, Instant finishedAt) {}
