/** RSA keys, signing and verifying. Knows nothing of what the signed text means. */
@NullMarked
package io.github.camelksher.crypto;

import org.jspecify.annotations.NullMarked;
