/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.JournalException;
import java.io.IOException;
import picocli.CommandLine;

/** Says in a sentence why a run failed, and which exit code that is. */
final class ErrorMessages {

    private ErrorMessages() {}

    static int execute(CommandLine commandLine, String... args) {
        commandLine
                .setExecutionExceptionHandler((e, command, parsed) -> say(command, message(e), exitCode(e)))
                .setParameterExceptionHandler(
                        (e, wrong) -> say(e.getCommandLine(), e.getMessage() + "\nTry run --help", ExitCode.USAGE));
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            // Rethrown, it would end this thread only: those that are left keep the process alive.
            return say(commandLine, unexpected(e), ExitCode.UNFINISHED);
        }
    }

    private static ExitCode exitCode(Exception e) {
        return e instanceof UsageException || e instanceof UnusableFileException ? ExitCode.USAGE : ExitCode.UNFINISHED;
    }

    private static String message(Exception e) {
        boolean forOperator =
                exitCode(e) == ExitCode.USAGE || e instanceof StoppedException || e instanceof JournalException;
        return forOperator ? String.valueOf(e.getMessage()) : unexpected(e);
    }

    /** Only the class of an unexpected failure: its message may quote personal data. */
    private static String unexpected(Throwable e) {
        return "An error of this program, please report it: " + e.getClass().getName()
                + (e instanceof IOException ? " (" + e.getMessage() + ")" : "");
    }

    private static int say(CommandLine command, String text, ExitCode code) {
        command.getErr().println(text);
        return code.number();
    }
}
