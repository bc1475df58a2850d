/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** A row's end. */
record Verdict(Outcome outcome, Facts facts) {}
