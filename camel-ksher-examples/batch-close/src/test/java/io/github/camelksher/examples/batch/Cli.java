/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The program in this process, and what it printed. */
record Cli(int exit, String printed) {

    static Cli run(Object... arguments) {
        StringWriter printed = new StringWriter();
        CommandLine commandLine = new CommandLine(new BatchClose());
        commandLine.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(printed, true));
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        int exit = ErrorMessages.execute(commandLine, texts);
        return new Cli(exit, printed.toString());
    }
}
