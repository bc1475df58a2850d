/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** The build steps of the Quarkus extension. */
@NullMarked
package io.github.camelksher.quarkus.deployment;

import org.jspecify.annotations.NullMarked;
