/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

/** What the report says of a row that is settled. */
public record RowResult(Outcome outcome, CallDetails details) {}
