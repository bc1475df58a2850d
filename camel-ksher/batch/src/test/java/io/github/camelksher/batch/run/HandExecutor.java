/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Threads that run when the test says so. */
final class HandExecutor implements Executor {

    private final Deque<Runnable> waiting = new ArrayDeque<>();

    @Override
    public void execute(Runnable work) {
        waiting.add(work);
    }

    int waiting() {
        return waiting.size();
    }

    void run(int howMany) {
        for (int i = 0; i < howMany; i++) {
            waiting.remove().run();
        }
    }

    void runAll() {
        run(waiting.size());
    }
}
