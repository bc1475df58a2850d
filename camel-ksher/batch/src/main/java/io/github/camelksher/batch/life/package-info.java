/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** The state machine of one order. It knows no clock, thread, journal or call. */
@NullMarked
package io.github.camelksher.batch.life;

import org.jspecify.annotations.NullMarked;
