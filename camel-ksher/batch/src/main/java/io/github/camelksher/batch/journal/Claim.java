/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was there to do.
 *
 * @param rows now held by this process; a query of each is announced
 * @param nextIn when there may be more, if nothing is saved before; null if no row waits
 */
public record Claim(List<HeldRow> rows, @Nullable Duration nextIn) {}
