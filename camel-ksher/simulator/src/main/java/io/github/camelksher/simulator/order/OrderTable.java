/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.order;

import io.github.camelksher.simulator.KsherOrder;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's orders, by each of their numbers. KsherPay's orders and the gateway's are kept apart
 * as Ksher does, unless they are shared.
 */
public final class OrderTable {

    private final Map<String, LiveOrder> byMch = new ConcurrentHashMap<>();
    private final Map<String, LiveOrder> byKsher = new ConcurrentHashMap<>();
    private final Map<String, LiveOrder> byChannel = new ConcurrentHashMap<>();
    private final Map<String, LiveOrder> byPayMch = new ConcurrentHashMap<>();
    private final boolean shared;
    private final AtomicLong number;
    private final InstantSource clock;
    private final Consumer<LiveOrder> whenPaid;

    /** {@code number} counts all merchants' orders, so that no made-up number comes twice. */
    public OrderTable(boolean shared, AtomicLong number, InstantSource clock, Consumer<LiveOrder> whenPaid) {
        this.shared = shared;
        this.number = number;
        this.clock = clock;
        this.whenPaid = whenPaid;
    }

    /** Opens the order, with made-up numbers where it has none. */
    public synchronized KsherOrder open(KsherOrder asked) {
        String unique = String.format(Locale.ROOT, "%010d", number.incrementAndGet());
        LiveOrder live = new LiveOrder(asked.numbered(unique), clock, whenPaid);
        KsherOrder order = live.snapshot();
        if (byMch.containsKey(order.mchOrderNo())) {
            throw new IllegalArgumentException("order " + order.mchOrderNo() + " is already open");
        }
        refuseTaken(byKsher, "ksher_order_no", order.ksherOrderNo());
        refuseTaken(byChannel, "channel_order_no", order.channelOrderNo());
        if (order.isGateway()) {
            refuseTaken(byPayMch, "pay_mch_order_no", order.payMchOrderNo());
            byPayMch.put(order.payMchOrderNo(), live);
        }
        byKsher.put(order.ksherOrderNo(), live);
        byChannel.put(order.channelOrderNo(), live);
        byMch.put(order.mchOrderNo(), live);
        return order;
    }

    private static void refuseTaken(Map<String, LiveOrder> orders, String name, String number) {
        if (orders.containsKey(number)) {
            throw new IllegalArgumentException(name + " " + number + " belongs to another order");
        }
    }

    /** The order that the number names to the gateway's calls, or null. */
    public @Nullable LiveOrder findForGateway(String mch) {
        LiveOrder order = byMch.get(mch);
        return order != null && (shared || order.peek().isGateway()) ? order : null;
    }

    /** The order that all non-empty numbers name to KsherPay's calls; null if there is none. */
    public @Nullable LiveOrder findForKsherPay(String mch, String ksher, String channel) {
        Set<@Nullable LiveOrder> named = new HashSet<>();
        if (!mch.isEmpty()) {
            named.add(byMchForKsherPay(mch));
        }
        if (!ksher.isEmpty()) {
            named.add(known(byKsher.get(ksher)));
        }
        if (!channel.isEmpty()) {
            named.add(known(byChannel.get(channel)));
        }
        return named.size() == 1 ? named.iterator().next() : null;
    }

    private @Nullable LiveOrder byMchForKsherPay(String mch) {
        LiveOrder order = byMch.get(mch);
        if (order != null && (shared || !order.peek().isGateway())) {
            return order;
        }
        return known(byPayMch.get(mch));
    }

    /** KsherPay knows an order of the gateway once a wallet was chosen. */
    private @Nullable LiveOrder known(@Nullable LiveOrder order) {
        return order != null && (shared || order.peek().isWalletChosen()) ? order : null;
    }

    /** The {@code mch_order_no} of the order in KsherPay's reply to a request for {@code mch}. */
    public String ksherPayName(KsherOrder order, String mch) {
        boolean byOwnNumber =
                !order.isGateway() || (shared && !order.payMchOrderNo().equals(mch));
        return byOwnNumber ? order.mchOrderNo() : order.payMchOrderNo();
    }

    /**
     * The order with this {@code mch_order_no}.
     *
     * @throws NoSuchElementException if there is none
     */
    public LiveOrder get(String mchOrderNo) {
        LiveOrder order = byMch.get(mchOrderNo);
        if (order == null) {
            throw new NoSuchElementException("no order " + mchOrderNo);
        }
        return order;
    }

    /** All orders as they are now, in no particular order. */
    public List<KsherOrder> all() {
        return byMch.values().stream().map(LiveOrder::snapshot).toList();
    }

    public synchronized void clear() {
        byMch.clear();
        byKsher.clear();
        byChannel.clear();
        byPayMch.clear();
    }
}
