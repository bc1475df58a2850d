/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** Ksher orders in an Apache Karaf. */
@NullMarked
package io.github.camelksher.examples.karaf;

import org.jspecify.annotations.NullMarked;
