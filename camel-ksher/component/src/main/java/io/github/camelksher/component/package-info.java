/** The Camel side: endpoint, options, headers, body. The only room that knows {@code Exchange}. */
@NullMarked
package io.github.camelksher.component;

import org.jspecify.annotations.NullMarked;
