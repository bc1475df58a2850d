/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** Who calls Ksher, when and how often. */
@NullMarked
package io.github.camelksher.batch.run;

import org.jspecify.annotations.NullMarked;
