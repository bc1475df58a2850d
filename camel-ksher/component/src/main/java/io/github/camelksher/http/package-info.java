/** HTTP within limits. Knows nothing of Ksher, and is the only user of camel-http. */
@NullMarked
package io.github.camelksher.http;

import org.jspecify.annotations.NullMarked;
