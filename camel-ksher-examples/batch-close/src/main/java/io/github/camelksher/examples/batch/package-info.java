/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** Closes a file of unpaid orders through a Camel route and reports one true row per order. */
@NullMarked
package io.github.camelksher.examples.batch;

import org.jspecify.annotations.NullMarked;
