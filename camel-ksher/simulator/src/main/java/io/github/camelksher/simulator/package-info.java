/** A Ksher on localhost: the four calls, signed as Ksher signs them, with orders, faults and a control API. */
@NullMarked
package io.github.camelksher.simulator;

import org.jspecify.annotations.NullMarked;
