/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The one table behind both APIs, found by any of an order's three numbers. */
final class OrderTable {

    private final Map<String, LiveOrder> byMch = new ConcurrentHashMap<>();
    private final Map<String, LiveOrder> byKsher = new ConcurrentHashMap<>();
    private final Map<String, LiveOrder> byChannel = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();

    /** Opens it, with made-up numbers where it has none. */
    KsherOrder open(KsherOrder asked, Instant now) {
        KsherOrder order = asked.copy();
        String unique = String.format("%010d", number.incrementAndGet());
        order.ksherOrderNo = order.ksherOrderNo.isEmpty() ? "9002020112300" + unique : order.ksherOrderNo;
        order.channelOrderNo = order.channelOrderNo.isEmpty() ? "420000060720201123" + unique : order.channelOrderNo;
        order.payMchOrderNo = "201123" + unique;
        LiveOrder live = new LiveOrder(order, now);
        if (byMch.putIfAbsent(order.mchOrderNo, live) != null) {
            throw new IllegalArgumentException("order " + order.mchOrderNo + " is already open");
        }
        if (byKsher.putIfAbsent(order.ksherOrderNo, live) != null) {
            byMch.remove(order.mchOrderNo);
            throw new IllegalArgumentException("ksher_order_no " + order.ksherOrderNo + " belongs to another order");
        }
        if (byChannel.putIfAbsent(order.channelOrderNo, live) != null) {
            byMch.remove(order.mchOrderNo);
            byKsher.remove(order.ksherOrderNo);
            throw new IllegalArgumentException(
                    "channel_order_no " + order.channelOrderNo + " belongs to another order");
        }
        return live.snapshot(now);
    }

    /** The order that all the given (non-empty) numbers name, or null if there is none, or no number. */
    @Nullable
    LiveOrder find(String mch, String ksher, String channel) {
        LiveOrder found = null;
        String[] numbers = {mch, ksher, channel};
        List<Map<String, LiveOrder>> tables = List.of(byMch, byKsher, byChannel);
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i].isEmpty()) {
                continue;
            }
            LiveOrder named = tables.get(i).get(numbers[i]);
            if (named == null || (found != null && found != named)) {
                return null;
            }
            found = named;
        }
        return found;
    }

    LiveOrder get(String mchOrderNo) {
        LiveOrder order = byMch.get(mchOrderNo);
        if (order == null) {
            throw new NoSuchElementException("no order " + mchOrderNo);
        }
        return order;
    }

    List<KsherOrder> all(Instant now) {
        List<KsherOrder> orders = new ArrayList<>();
        byMch.values().forEach(live -> orders.add(live.snapshot(now)));
        return orders;
    }

    void clear() {
        byMch.clear();
        byKsher.clear();
        byChannel.clear();
    }
}
