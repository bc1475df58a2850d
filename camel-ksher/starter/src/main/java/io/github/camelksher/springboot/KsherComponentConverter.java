/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;

/** Looks up the bean that {@code #bean:name}, or {@code #name}, stands for in the options that are no plain value. */
record KsherComponentConverter(ApplicationContext beans) implements GenericConverter {

    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
        return KsherComponentConfiguration.REFERENCES.stream()
                .map(type -> new ConvertiblePair(String.class, type))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
        if (source == null) {
            return null;
        }
        String reference = source.toString();
        if (reference.isBlank()) {
            return null;
        }
        if (!reference.startsWith("#")) {
            throw new IllegalArgumentException("Not a reference to a bean: it must be like #bean:name");
        }
        return beans.getBean(
                reference.substring(reference.startsWith("#bean:") ? "#bean:".length() : 1), targetType.getType());
    }
}
