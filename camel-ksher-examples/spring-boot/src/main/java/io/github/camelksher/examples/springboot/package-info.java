/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** An HTTP service that closes unpaid orders. */
@NullMarked
package io.github.camelksher.examples.springboot;

import org.jspecify.annotations.NullMarked;
