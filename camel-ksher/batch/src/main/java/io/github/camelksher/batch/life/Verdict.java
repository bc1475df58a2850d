/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

/** A row's end. */
public record Verdict(Outcome outcome, Facts facts) {}
