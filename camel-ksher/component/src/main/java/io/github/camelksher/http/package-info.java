/** A URL, headers and bytes out; a status and bytes in, within limits. Knows nothing of Ksher. The one door to camel-http. */
@NullMarked
package io.github.camelksher.http;

import org.jspecify.annotations.NullMarked;
