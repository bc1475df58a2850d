/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Closes the files that come into a folder, until it is stopped. */
record WatchFolder(Application application, Path folder) implements Command {

    @Override
    public ExitCode run() throws Exception {
        if (!Files.isDirectory(folder)) {
            throw new UsageException("--watch needs a folder: " + folder + " is none.");
        }
        if (!Files.isReadable(folder) || !Files.isWritable(folder)) {
            throw new UsageException("--watch " + folder
                    + ": this user cannot read it, or not move files to its folders done and failed. Set its rights.");
        }
        BatchRun run = BatchRun.start(application, null);
        Map<String, Object> parameters =
                Map.of("directory", folder.toAbsolutePath().toString());
        application.context().addRouteFromTemplate("batch-close-watch", "ksher-batch-watch", parameters);
        application.say(application.target() + ", watching " + folder + "; Ctrl-C stops");
        return run.serve();
    }
}
