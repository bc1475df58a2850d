/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** Messages of the queue. */
final class OrderJson {

    private OrderJson() {}

    static String order(String batch, int line, String operation, String number) {
        return """
                {"batch":"%s","line":%d,"operation":"%s","mch_order_no":"%s"}"""
                .formatted(batch, line, operation, number);
    }

    static String total(String batch, int total) {
        return "{\"batch\":\"%s\",\"total\":%d}".formatted(batch, total);
    }
}
