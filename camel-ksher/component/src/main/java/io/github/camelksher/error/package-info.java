/** Every way in which a call can fail, as exceptions that a Camel route can handle. */
@NullMarked
package io.github.camelksher.error;

import org.jspecify.annotations.NullMarked;
