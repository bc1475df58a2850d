/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each behaviour that the documentation claims names the test that proves it. */
class DocumentedBehaviourTest {

    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    static Stream<String> rows() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../../docs/simulator.md"));
        int head = lines.indexOf("| behaviour | evidence | default | option | test |");
        assertThat(head).as("the table of behaviours").isPositive();
        return lines.subList(head + 2, lines.size()).stream().takeWhile(line -> line.startsWith("|"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowNamesTestsThatThereAre(String row) {
        String[] cells = row.split("\\|", -1);
        assertThat(cells).as(row).hasSize(7);
        assertThat(cells).as(row).satisfies(all -> assertThat(Arrays.asList(all).subList(1, 6))
                .noneMatch(String::isBlank));
        List<MatchResult> named = TEST.matcher(cells[5]).results().toList();
        assertThat(named).as(row).isNotEmpty();
        assertThat(named).allSatisfy(test -> assertThat(isTest(test.group(1), test.group(2)))
                .as(test.group())
                .isTrue());
    }

    private static boolean isTest(String type, String method) throws ClassNotFoundException {
        Class<?> found = Class.forName(DocumentedBehaviourTest.class.getPackageName() + "." + type);
        return Arrays.stream(found.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(method))
                .anyMatch(DocumentedBehaviourTest::isTest);
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }
}
