/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What every exception knows of its call.
 *
 * @param operation the operation as in the endpoint URI
 * @param order the number asked for, null if there was none
 * @param retryable whether the same call can succeed later with nobody's help
 * @param outcomeUnknown whether a command may have been carried out
 */
public record FailedCall(String operation, @Nullable String order, boolean retryable, boolean outcomeUnknown)
        implements Serializable {}
