/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Threads and open files of this process.
 *
 * @param files as Linux names them, sockets among them; empty elsewhere
 */
record Held(Set<Thread> threads, List<String> files) {

    static Held now() throws IOException {
        List<String> files = new ArrayList<>();
        Path descriptors = Path.of("/proc/self/fd");
        if (Files.isDirectory(descriptors)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
                for (Path one : all) {
                    String file = name(one);
                    // The one that this directory is read by.
                    if (!file.startsWith("/proc/")) {
                        files.add(file);
                    }
                }
            }
        }
        return new Held(Set.copyOf(Thread.getAllStackTraces().keySet()), List.copyOf(files));
    }

    private static String name(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "/proc/closed meanwhile";
        }
    }

    int sockets() {
        return (int) files.stream().filter(Held::isSocket).count();
    }

    private static boolean isSocket(String file) {
        return file.startsWith("socket:");
    }

    /** What there was not before. Not the files from which the JVM loads classes: it keeps them open. */
    List<String> since(Held before) {
        List<String> more = new ArrayList<>();
        threads.stream()
                .filter(thread -> thread.isAlive() && !before.threads.contains(thread))
                .map(Thread::getName)
                .sorted()
                .forEach(name -> more.add("thread " + name));
        List<String> known = new ArrayList<>(before.files);
        for (String file : files) {
            if (!known.remove(file) && !file.endsWith(".jar")) {
                more.add(file);
            }
        }
        return more;
    }

    /** Bytes in use when all that can be collected is. */
    static long heap() {
        var memory = ManagementFactory.getMemoryMXBean();
        // The second takes what the first has only made unreachable.
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
