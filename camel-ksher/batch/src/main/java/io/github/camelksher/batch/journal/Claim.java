/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Claimed rows, and how long until another row may be due if none is saved; null if none waits. */
public record Claim(List<HeldRow> rows, @Nullable Duration nextIn) {}
