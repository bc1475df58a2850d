/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** One thing that the command line can ask for. */
@FunctionalInterface
interface Command {

    ExitCode run() throws Exception;
}
