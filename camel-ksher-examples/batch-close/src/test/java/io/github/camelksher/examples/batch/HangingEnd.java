/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.concurrent.TimeUnit;

/** A run that has an error and then never ends by itself. */
final class HangingEnd {

    private HangingEnd() {}

    @SuppressWarnings("resource")
    public static void main(String[] args) throws InterruptedException {
        Ending ending = new Ending();
        new Thread(() -> {
                    throw new LinkageError("PERSONAL");
                })
                .start();
        TimeUnit.DAYS.sleep(1);
        ending.close();
    }
}
