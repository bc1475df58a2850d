/** The failures of a call, as exceptions that a Camel route can handle. */
@NullMarked
package io.github.camelksher.error;

import org.jspecify.annotations.NullMarked;
