/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** The life of one order, pure: what to do after what happened. Knows no clock, no thread, no journal and no Ksher. */
@NullMarked
package io.github.camelksher.batch.life;

import org.jspecify.annotations.NullMarked;
