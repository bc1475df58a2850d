/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was there to do.
 *
 * @param rows now in the hands of this process; a query of each is announced
 * @param nextDue when there may be more, in journal time; null if no row can go on before a held one of its
 *     order is saved
 */
public record Claim(List<HeldRow> rows, @Nullable Long nextDue) {}
