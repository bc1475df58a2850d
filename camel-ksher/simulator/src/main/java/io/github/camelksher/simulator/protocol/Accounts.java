/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import io.github.camelksher.simulator.order.OrderTable;
import java.security.KeyPair;
import java.util.Collection;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** All merchants' accounts, by their numbers. */
public record Accounts(String defaultAppId, Map<String, Account> byAppId) {

    /** What Ksher has of a merchant; the key may lack its private half. */
    public record Account(String appId, KeyPair key, OrderTable orders) {}

    public Accounts {
        byAppId = Map.copyOf(byAppId);
    }

    /** The account that a request names; null if there is none. */
    @Nullable
    Account find(ApiRequest request) {
        return byAppId.get(request.appId());
    }

    /**
     * The account with this number, or the default one for null.
     *
     * @throws NoSuchElementException if there is none
     */
    public Account get(@Nullable String appId) {
        Account account = byAppId.get(appId == null ? defaultAppId : appId);
        if (account == null) {
            throw new NoSuchElementException("no merchant " + appId);
        }
        return account;
    }

    public Collection<Account> all() {
        return byAppId.values();
    }
}
