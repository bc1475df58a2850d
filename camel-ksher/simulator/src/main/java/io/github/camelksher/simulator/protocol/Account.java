/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import io.github.camelksher.simulator.order.OrderTable;

/**
 * What Ksher has of a merchant.
 *
 * @param appId the merchant's number
 * @param key the key that the merchant signs with
 * @param orders the merchant's orders
 */
public record Account(String appId, MerchantKey key, OrderTable orders) {}
