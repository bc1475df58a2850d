/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.Fields;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Bytes to fields and back. */
@State(Scope.Benchmark)
public class PartsWireBenchmark {

    private final String order = "ORDER-1000001";
    private final String nonce = "0123456789abcdefghijklmnopqrstuv";
    private final String sign = "0123456789abcdef".repeat(8);
    private final Fields request = fields(order, nonce);
    private final PartsReply reply = new PartsReply();

    private static Fields fields(String order, String nonce) {
        return Fields.builder()
                .add("appid", Target.APP_ID)
                .add("nonce_str", nonce)
                .add("time_stamp", "20261123120000")
                .add("mch_order_no", order)
                .build();
    }

    @Benchmark
    public Fields request() {
        return fields(order, nonce);
    }

    @Benchmark
    public byte[] canonicalText() {
        return request.canonicalBytes();
    }

    @Benchmark
    public byte[] formBody() {
        return request.formBody(sign);
    }

    @Benchmark
    public Envelope parseReply() {
        return reply.parsed();
    }

    @Benchmark
    public void parseVerifyAndReadReply(Blackhole reader) {
        OrderQueryReply typed = reply.typed();
        reader.consume(typed.result());
        reader.consume(typed.mchOrderNo());
        reader.consume(typed.totalFee());
        reader.consume(typed.timeEnd());
    }
}
