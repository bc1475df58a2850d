/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderLifeJsonTest {

    private static final CallDetails DETAILS = new CallDetails("connection refused", -4, "ERR");

    @Test
    void everyStepOfALifeIsReadAsItWasWritten() {
        OrderLife life = OrderLife.begin(RowOperation.CLOSE);
        for (Event event : List.of(
                new Event.QueryFailed(DETAILS, Duration.ZERO),
                new Event.Seen(OrderState.NOTPAY, true, null, DETAILS),
                new Event.NoAnswer(DETAILS, Duration.ZERO),
                new Event.Seen(OrderState.NOTPAY, true, null, DETAILS),
                new Event.Seen(OrderState.NOTPAY, true, null, DETAILS),
                new Event.Done(DETAILS))) {
            life = life.after(event).life();
            assertThat(OrderLifeJson.read(OrderLifeJson.write(life), RowOperation.CLOSE))
                    .isEqualTo(life);
        }
        assertThat(life.commands().sent()).isEqualTo(2);
    }

    @Test
    void aRowWithoutALifeBeginsOne() {
        assertThat(OrderLifeJson.read(null, RowOperation.CHECK)).isEqualTo(OrderLife.begin(RowOperation.CHECK));
    }

    @Test
    void aLifeOfAnotherVersionIsRefusedWithoutQuotingIt() {
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> OrderLifeJson.read("{\"secret\":1}", RowOperation.CLOSE))
                .withMessageContaining("another version")
                .withMessageNotContaining("secret")
                .withNoCause();
    }
}
