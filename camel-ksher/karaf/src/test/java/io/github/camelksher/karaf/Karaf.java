/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.karaf;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A real Karaf: a process of its own, told what to do by JMX, with no repository but the one that the build made. */
final class Karaf implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Path home;
    private final Process process;
    private final Thread hook;
    private JMXConnector connector;

    private Karaf(Path home, Process process) {
        this.home = home;
        this.process = process;
        // For a build that is stopped by hand.
        this.hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts it; its console is in {@code data/log/console.log}.
     *
     * @param repository the one Maven repository
     * @param processing becomes {@code etc/org.apache.karaf.features.xml}
     * @param environment is added to its environment
     * @param system is added to its system properties
     */
    static Karaf start(
            Path home, Path repository, Path processing, Map<String, String> environment, Map<String, String> system)
            throws Exception {
        String password = UUID.randomUUID().toString();
        List<Integer> ports = freePorts(3);
        append(
                home,
                "users.properties",
                Map.of(
                        "karaf",
                        password + ",_g_:admingroup",
                        "_g_\\:admingroup",
                        "group,admin,manager,viewer,systembundles"));
        append(
                home,
                "org.apache.karaf.management.cfg",
                Map.of(
                        "rmiRegistryPort", ports.get(0).toString(),
                        "rmiServerPort", ports.get(1).toString()));
        append(
                home,
                "org.apache.karaf.shell.cfg",
                Map.of("sshPort", ports.get(2).toString(), "sshHost", "127.0.0.1"));
        Path empty = Files.writeString(home.resolve("etc/settings.xml"), "<settings/>");
        append(
                home,
                "org.ops4j.pax.url.mvn.cfg",
                Map.of(
                        "org.ops4j.pax.url.mvn.settings",
                        empty.toString(),
                        "org.ops4j.pax.url.mvn.localRepository",
                        home.resolve("data/m2").toString(),
                        "org.ops4j.pax.url.mvn.repositories",
                        "",
                        "org.ops4j.pax.url.mvn.defaultRepositories",
                        "${karaf.home.uri}system@id=system@snapshots, " + repository.toUri() + "@id=test@snapshots"));
        append(home, "system.properties", system);
        Files.copy(processing, home.resolve("etc/org.apache.karaf.features.xml"), StandardCopyOption.REPLACE_EXISTING);
        Files.createDirectories(home.resolve("data/log"));
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/karaf").toString(), "daemon")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("data/log/console.log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("KARAF_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Karaf karaf = new Karaf(home, builder.start());
        try {
            karaf.connect(ports, password);
            return karaf;
        } catch (Exception | AssertionError e) {
            karaf.printLogs();
            karaf.close();
            throw e;
        }
    }

    private static void append(Path home, String file, Map<String, String> entries) throws IOException {
        List<String> lines = new ArrayList<>(List.of(""));
        entries.forEach((name, value) -> lines.add(name + " = " + value));
        Files.write(home.resolve("etc").resolve(file), lines, StandardOpenOption.APPEND);
    }

    private static List<Integer> freePorts(int n) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < n; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    @SuppressWarnings("BanJNDI") // the other end is the process that was started here
    private void connect(List<Integer> ports, String password) throws Exception {
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi://127.0.0.1:" + ports.get(1) + "/jndi/rmi://127.0.0.1:"
                + ports.get(0) + "/karaf-root");
        await("Karaf's management", START, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("Karaf has ended with " + process.exitValue());
            }
            try {
                connector = JMXConnectorFactory.connect(
                        url, Map.of(JMXConnector.CREDENTIALS, new String[] {"karaf", password}));
                return connector.getMBeanServerConnection().isRegistered(name("feature"))
                        && connector.getMBeanServerConnection().isRegistered(name("bundle"));
            } catch (IOException | SecurityException e) {
                return false;
            }
        });
    }

    /** Looks until it is so; what it throws ends the waiting. */
    static void await(String what, Duration atMost, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                fail("not within %d s: %s", atMost.toSeconds(), what);
            }
            Thread.sleep(100);
        }
    }

    private static ObjectName name(String type) {
        try {
            return new ObjectName("org.apache.karaf:type=" + type + ",name=root");
        } catch (JMException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private MBeanServerConnection management() throws IOException {
        return connector.getMBeanServerConnection();
    }

    private Object invoke(String type, String operation, Object... arguments) throws Exception {
        String[] types = Stream.of(arguments)
                .map(argument -> argument instanceof Boolean ? "boolean" : String.class.getName())
                .toArray(String[]::new);
        return management().invoke(name(type), operation, arguments, types);
    }

    // ---- what a user does on the console ----

    /** {@code feature:repo-add}. */
    void addFeatures(String url) throws Exception {
        invoke("feature", "addRepository", url);
    }

    /** {@code feature:install}. */
    void installFeature(String feature) throws Exception {
        invoke("feature", "installFeature", feature);
    }

    /** {@code bundle:install -s}. */
    void installBundle(String url) throws Exception {
        invoke("bundle", "install", url, true);
    }

    /** {@code bundle:stop}. */
    void stop(String bundle) throws Exception {
        invoke("bundle", "stop", bundle);
    }

    /** {@code bundle:start}. */
    void start(String bundle) throws Exception {
        invoke("bundle", "start", bundle);
    }

    /** {@code bundle:restart}. */
    void restart(String bundle) throws Exception {
        invoke("bundle", "restart", bundle);
    }

    /** What {@code bundle:list} says: states by name and version. */
    Map<String, String> bundles() throws Exception {
        Map<String, String> bundles = new TreeMap<>();
        TabularData table = (TabularData) management().getAttribute(name("bundle"), "Bundles");
        for (Object row : (Collection<?>) table.values()) {
            CompositeData bundle = (CompositeData) row;
            bundles.put(bundle.get("Name") + " " + bundle.get("Version"), String.valueOf(bundle.get("State")));
        }
        return bundles;
    }

    /** Writes {@code etc/<pid>.cfg}, as an editor does: whole. */
    void configure(String pid, Map<String, String> entries) throws IOException {
        List<String> lines = new ArrayList<>();
        entries.forEach((name, value) -> lines.add(name + " = " + value.replace("\\", "\\\\")));
        Path temporary = Files.write(home.resolve("data/" + pid + ".cfg"), lines);
        Files.move(temporary, etc(pid + ".cfg"), StandardCopyOption.ATOMIC_MOVE);
    }

    Path etc(String file) {
        return home.resolve("etc").resolve(file);
    }

    Path data(String file) {
        return home.resolve("data").resolve(file);
    }

    // ---- what is seen from outside ----

    /** Its threads, but for Karaf's own, that have one of these words in their name, counted by name without its numbers. */
    Map<String, Integer> threads(String... words) throws IOException {
        ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                management(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        Map<String, Integer> found = new TreeMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null
                    // Its name has the path of etc/ in it.
                    && !thread.getThreadName().startsWith("fileinstall-")
                    && Stream.of(words).anyMatch(thread.getThreadName()::contains)) {
                found.merge(thread.getThreadName().replaceAll("[0-9]+", "N"), 1, Integer::sum);
            }
        }
        return found;
    }

    /** The log, so far. */
    String log() throws IOException {
        Path log = home.resolve("data/log/karaf.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** For whoever reads the build's output. */
    void printLogs() {
        try {
            System.out.println("---- Karaf's console");
            System.out.println(Files.readString(home.resolve("data/log/console.log")));
            System.out.println("---- the end of Karaf's log");
            List<String> lines = log().lines().toList();
            lines.subList(Math.max(0, lines.size() - 400), lines.size()).forEach(System.out::println);
            System.out.println("---- Karaf's bundles");
            if (connector != null && process.isAlive()) {
                bundles().forEach((bundle, state) -> System.out.println(state + " " + bundle));
            }
        } catch (Exception e) {
            System.out.println("Karaf's logs cannot be shown: " + e);
        }
    }

    /** Ends it: politely first. */
    @Override
    public void close() throws InterruptedException {
        try {
            if (connector != null) {
                connector.close();
            }
        } catch (IOException e) {
            // It is ended all the same.
        }
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            System.out.println("Karaf did not stop within " + STOP.toSeconds() + " s and was killed");
            process.destroyForcibly().waitFor();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
