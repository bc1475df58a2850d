/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** How a run ended, as the shell is told. The help and {@code docs/batch-close.md} say the same. */
enum ExitCode {
    SETTLED(0, "every order settled"),
    UNFINISHED(1, "stopped or unfinished"),
    NEEDS_PERSON(2, "some rows need a person"),
    USAGE(64, "wrong usage");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }
}
