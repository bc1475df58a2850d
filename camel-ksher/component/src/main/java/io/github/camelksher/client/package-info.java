/** One call to Ksher: sign, send once, verify, type. Knows nothing of Camel, the HTTP transport apart. */
@NullMarked
package io.github.camelksher.client;

import org.jspecify.annotations.NullMarked;
