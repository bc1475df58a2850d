/* Licensed under the Apache License, Version 2.0: see LICENSE. */
/** Spring Boot's auto-configuration of the ksher component. */
@NullMarked
package io.github.camelksher.springboot;

import org.jspecify.annotations.NullMarked;
