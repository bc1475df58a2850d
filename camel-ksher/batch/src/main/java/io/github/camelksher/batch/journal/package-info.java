/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** What is on disk, and when. The only room that knows SQL. */
@NullMarked
package io.github.camelksher.batch.journal;

import org.jspecify.annotations.NullMarked;
