/** One call to Ksher: sign, send once, verify, type. Knows neither Camel nor HTTP. */
@NullMarked
package io.github.camelksher.client;

import org.jspecify.annotations.NullMarked;
