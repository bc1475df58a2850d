/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;

/** Apart from the test, which must load without camel-opentelemetry2. */
final class Spans {

    /** A span of an endpoint of ksher. */
    record Span(String name, Map<String, String> tags, List<String> events) {}

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    Spans(CamelContext context) {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build();
        context.getRegistry().bind("tracer", Tracer.class, sdk.getTracer("test"));
        new OpenTelemetryTracer().init(context);
    }

    List<Span> ofKsher() {
        return exporter.getFinishedSpanItems().stream()
                .map(Spans::span)
                .filter(span -> "camel-ksher".equals(span.tags.get("component")))
                .toList();
    }

    private static Span span(SpanData data) {
        Map<String, String> tags = new TreeMap<>();
        data.getAttributes().forEach((key, value) -> tags.put(key.getKey(), String.valueOf(value)));
        return new Span(
                data.getName(),
                tags,
                data.getEvents().stream().map(Object::toString).toList());
    }
}
