/** A Ksher on localhost: the four signed calls, with orders, faults and a control API. */
@NullMarked
package io.github.camelksher.simulator;

import org.jspecify.annotations.NullMarked;
