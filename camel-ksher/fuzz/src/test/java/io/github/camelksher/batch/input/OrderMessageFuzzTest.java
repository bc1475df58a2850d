/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text as a message of the queue: an order, a total, or for the dead-letter queue. */
class OrderMessageFuzzTest {

    @FuzzTest
    void anyTextIsAMessageOrABadOne(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        OrderMessage message;
        try {
            message = OrderMessage.parse(text);
        } catch (BadMessageException e) {
            assertThat(e.getMessage()).matches("[ -~]+").hasSizeLessThan(120);
            assertThat(e).hasNoCause();
            return;
        }
        assertThat(message.batch()).matches("[A-Za-z0-9._-]{1,64}");
        String json;
        if (message instanceof OrderMessage.Order order) {
            assertThat(order.row().line()).isPositive();
            if (order.row().problem() != null) {
                assertThat(order.row().problem()).hasSizeBetween(1, 600).doesNotContain("\n");
            }
            json = order.toJson();
        } else {
            OrderMessage.Total total = (OrderMessage.Total) message;
            assertThat(total.total()).isNotNegative();
            json = total.toJson();
        }
        try {
            assertThat(OrderMessage.parse(json)).isEqualTo(message);
        } catch (BadMessageException e) {
            throw new AssertionError("what is written here cannot be read here", e);
        }
    }
}
