/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** A broker for trying a queue out. */
@NullMarked
package io.github.camelksher.examples.broker;

import org.jspecify.annotations.NullMarked;
