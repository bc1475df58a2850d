/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What the journal and the engine cost, without Camel, HTTP and signatures: run by hand. Calls are answered by a sleep in their
 * thread: a query "open", a command "done", a query "closed", so three calls an order. The real application's figures are those of
 * {@code ScaleMeasure} in camel-ksher-examples.
 *
 * <pre>{@code
 * mvn -q -DskipTests install
 * cd camel-ksher/batch
 * mvn -q dependency:build-classpath -Dmdep.outputFile=target/test.cp -Dmdep.includeScope=test
 * measure="java -Xmx256m -cp target/classes:target/test-classes:$(cat target/test.cp) io.github.camelksher.batch.run.JournalMeasure"
 * $measure run h2 10000 10            # database (h2, postgresql), orders, interval in s; then in flight (64), batches (1)
 * $measure held postgresql 500000     # database, rows that are final already
 * }</pre>
 *
 * <p>{@code run} prints a line: wall time from the first claim until the last end is on disk, beside the ideal (calls × latency /
 * parallel + interval, which leaves out that the last order's pause overlaps the others' calls: more than 1 is possible). CPU is
 * this process's in the same time, with the compiler and the collector of the JVM; of it, that of the threads that write the
 * journal, that make the calls, and of all other Java threads; then what the calls themselves took, that is the sleeping. The
 * PostgreSQL server's CPU is beside it. Commits are PostgreSQL's, whose reads are among them; flushes its
 * syncs of the log, or with H2 the writes of its store. PostgreSQL flushes to the disk here, in its tests it does not. {@code load} is the machine's,
 * before and after: on a busy one only CPU and commits say something.
 *
 * <p>{@code held} prints what is on the heap after a full collection in the middle of 10,000 orders: with an empty journal, and
 * with one that is full of orders that are done with. H2's page cache, which grows up to a limit of its own, is in the heap.
 *
 * <p>One file of more than 400 lines, so that the same file measures another version of the library, too.
 */
final class JournalMeasure {

    private static final Duration LATENCY = Duration.ofMillis(50);
    private static final int PARALLEL = 64;
    private static final int ORDERS_WHILE_HELD = 10_000;
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final double MILLION = 1e6;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private JournalMeasure() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("measure");
        try (Server server = args[1].equals("h2") ? new H2(directory) : new Postgres(directory)) {
            int count = Integer.parseInt(args[2]);
            if (args[0].equals("held")) {
                held(server, directory, count);
            } else {
                Duration interval = Duration.ofMillis(Math.round(Double.parseDouble(args[3]) * 1_000));
                int parallel = args.length > 4 ? Integer.parseInt(args[4]) : PARALLEL;
                int batches = args.length > 5 ? Integer.parseInt(args[5]) : 1;
                run(server, directory, count, interval, parallel, batches);
            }
        } finally {
            delete(directory);
        }
        // The pools of the drivers and of the server may have threads that are not daemons.
        System.exit(0);
    }

    // ---- one run ----

    private static void run(Server server, Path directory, int orders, Duration interval, int parallel, int batches)
            throws Exception {
        double loadBefore = SYSTEM.getSystemLoadAverage();
        Fake fake = new Fake(orders, LATENCY, false);
        String url = server.newJournal();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            files.add(file(directory, "orders-" + i, orders * i / batches, orders * (i + 1) / batches));
        }
        try (MeasuredWorker engine = new MeasuredWorker(url, interval, parallel, fake, fake::settled)) {
            long start = System.nanoTime();
            for (Path file : files) {
                engine.plan(file);
            }
            double planning = seconds(System.nanoTime() - start);
            long[] commits = server.commits(url);
            double serverCpu = server.cpuSeconds();
            Cpu before = Cpu.now();
            start = System.nanoTime();
            engine.start();
            fake.await(orders, engine);
            double wall = seconds(System.nanoTime() - start);
            Cpu after = Cpu.now();
            serverCpu = server.cpuSeconds() - serverCpu;
            long[] commitsAfter = server.commits(url);
            double ideal = fake.calls() * seconds(LATENCY.toNanos()) / parallel + seconds(interval.toNanos());
            System.out.printf(
                    "%s %,d orders, %s, %d in flight, %d batches: planned %,.0f/s; wall %.1f s, ideal %.1f s,"
                            + " ideal/wall %.2f; CPU ms/order %.2f (writer %.2f, callers %.2f, other Java %.2f, JVM %.2f;"
                            + " calls themselves %.2f), server %.2f; commits/order %.2f, flushes/order %.3f; heap %.0f MB;"
                            + " journal %.1f MB; load %.1f %.1f%n",
                    server.name(),
                    orders,
                    interval,
                    parallel,
                    batches,
                    orders / planning,
                    wall,
                    ideal,
                    ideal / wall,
                    millis(after.process - before.process) / orders,
                    millis(after.writer - before.writer) / orders,
                    millis(after.callers - before.callers) / orders,
                    millis(after.otherJava - before.otherJava) / orders,
                    millis(after.virtualMachine() - before.virtualMachine()) / orders,
                    millis(fake.cpu()) / orders,
                    serverCpu * 1_000 / orders,
                    (commitsAfter[0] - commits[0]) / (double) orders,
                    (commitsAfter[1] - commits[1]) / (double) orders,
                    heapMegabytes(),
                    server.megabytes(url),
                    loadBefore,
                    SYSTEM.getSystemLoadAverage());
        }
    }

    // ---- what is held ----

    private static void held(Server server, Path directory, int finalRows) throws Exception {
        // The first one loads what is loaded once.
        for (String first : List.of("warm-up", "empty")) {
            heldWith(server, directory, server.newJournal(), 0, first);
        }
        String full = server.newJournal();
        Fake closed = new Fake(finalRows, Duration.ZERO, true);
        Path done = file(directory, "done", 0, finalRows);
        try (MeasuredWorker engine = new MeasuredWorker(full, SHORT, PARALLEL, closed, closed::settled)) {
            engine.plan(done);
            engine.start();
            closed.await(finalRows, engine);
        }
        heldWith(server, directory, full, finalRows, "full");
    }

    private static void heldWith(Server server, Path directory, String url, int from, String name) throws Exception {
        Fake fake = new Fake(from + ORDERS_WHILE_HELD, LATENCY, false);
        Path file = file(directory, "held-" + name, from, from + ORDERS_WHILE_HELD);
        try (MeasuredWorker engine = new MeasuredWorker(url, SHORT, PARALLEL, fake, fake::settled)) {
            double before = heapMegabytes();
            engine.plan(file);
            engine.start();
            fake.await(ORDERS_WHILE_HELD / 2, engine);
            double middle = heapMegabytes();
            double cache = server.cacheMegabytes(url);
            fake.await(ORDERS_WHILE_HELD, engine);
            System.out.printf(
                    "%s %s journal, %,d final rows: heap %.1f MB when opened, %.1f MB in the middle (%.1f MB of it"
                            + " cache); journal %.1f MB%n",
                    server.name(), name, from, before, middle, cache, server.megabytes(url));
        }
    }

    // ---- instead of Ksher ----

    /** Orders are known by the number in their name, so that little is kept of each. */
    private static final class Fake implements MeasuredWorker.FakeKsher {

        private static final int BITS = 32;

        private final AtomicIntegerArray commanded;
        private final long latencyMillis;
        private final boolean closedAtOnce;
        private final AtomicLong calls = new AtomicLong();
        private final AtomicLong cpu = new AtomicLong();
        private final AtomicLong settled = new AtomicLong();

        Fake(int orders, Duration latency, boolean closedAtOnce) {
            this.commanded = new AtomicIntegerArray(orders / BITS + 1);
            this.latencyMillis = latency.toMillis();
            this.closedAtOnce = closedAtOnce;
        }

        @Override
        public boolean query(String mchOrderNo) {
            answer();
            int order = number(mchOrderNo);
            return closedAtOnce || (commanded.get(order / BITS) & 1 << order % BITS) != 0;
        }

        @Override
        public void command(String mchOrderNo) {
            answer();
            int order = number(mchOrderNo);
            commanded.getAndUpdate(order / BITS, bits -> bits | 1 << order % BITS);
        }

        private static int number(String mchOrderNo) {
            return Integer.parseInt(mchOrderNo.substring(1));
        }

        private void answer() {
            calls.incrementAndGet();
            long start = THREADS.getCurrentThreadCpuTime();
            if (latencyMillis > 0) {
                try {
                    Thread.sleep(latencyMillis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            cpu.addAndGet(THREADS.getCurrentThreadCpuTime() - start);
        }

        void settled() {
            synchronized (this) {
                settled.incrementAndGet();
                notifyAll();
            }
        }

        /** Until so many rows are final. */
        void await(long rows, MeasuredWorker engine) throws InterruptedException {
            synchronized (this) {
                while (settled.get() < rows) {
                    wait(1_000);
                    if (engine.stopped() != null) {
                        throw new IllegalStateException("stopped: " + engine.stopped());
                    }
                }
            }
        }

        long calls() {
            return calls.get();
        }

        long cpu() {
            return cpu.get();
        }
    }

    private static Path file(Path directory, String name, int from, int to) throws IOException {
        Path file = directory.resolve(name + ".csv");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("operation,mch_order_no\n");
            for (int i = from; i < to; i++) {
                out.write((i % 2 == 0 ? "close" : "cancel") + ",M" + String.format("%012d", i) + "\n");
            }
        }
        return file;
    }

    // ---- CPU and heap ----

    /** In nanoseconds, since the start of the process. */
    private record Cpu(long process, long writer, long callers, long otherJava) {

        static Cpu now() {
            long writer = 0;
            long callers = 0;
            long other = 0;
            for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
                long cpu = thread == null ? 0 : Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
                String name = thread == null ? "" : thread.getThreadName();
                if (name.startsWith("ksher-journal-writer")) {
                    writer += cpu;
                } else if (name.startsWith("ksher-batch-call")) {
                    callers += cpu;
                } else {
                    other += cpu;
                }
            }
            return new Cpu(SYSTEM.getProcessCpuTime(), writer, callers, other);
        }

        /** Of the compiler and the collector. */
        long virtualMachine() {
            return process - writer - callers - otherJava;
        }
    }

    private static double heapMegabytes() {
        // Twice: what the first one hands to cleaners is free after the second.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MILLION;
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static double millis(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    // ---- the databases ----

    private interface Server extends AutoCloseable {

        String name();

        /** The URL of an empty journal. */
        String newJournal() throws SQLException;

        /** How many transactions there were, and how many times something was flushed to the disk. */
        long[] commits(String url) throws SQLException;

        /** Of a server outside this process. */
        double cpuSeconds() throws IOException;

        double megabytes(String url) throws SQLException, IOException;

        /** What of the heap is the database's page cache. */
        double cacheMegabytes(String url) throws SQLException;

        @Override
        void close() throws IOException;

        static long single(String url, String sql) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                return result.next() ? result.getLong(1) : 0;
            }
        }
    }

    private static final class H2 implements Server {

        private final Path directory;
        private int journals;

        H2(Path directory) {
            this.directory = directory;
        }

        @Override
        public String name() {
            return "h2";
        }

        @Override
        public String newJournal() {
            return "jdbc:h2:file:" + directory.resolve("journal" + ++journals);
        }

        @Override
        public long[] commits(String url) throws SQLException {
            // Its transactions are not counted anywhere, the writes of its store are: one a flush, or a little more.
            return new long[] {0, setting(url, "info.FILE_WRITE")};
        }

        private static long setting(String url, String name) throws SQLException {
            return Server.single(
                    url,
                    "SELECT CAST(setting_value AS BIGINT) FROM information_schema.settings WHERE setting_name = '"
                            + name + "'");
        }

        @Override
        public double cpuSeconds() {
            return 0;
        }

        @Override
        public double megabytes(String url) throws IOException {
            return Files.size(Path.of(url.substring("jdbc:h2:file:".length()) + ".mv.db")) / MILLION;
        }

        @Override
        public double cacheMegabytes(String url) throws SQLException {
            return setting(url, "info.CACHE_SIZE");
        }

        @Override
        public void close() {}
    }

    private static final class Postgres implements Server {

        private final Path directory;
        private final EmbeddedPostgres server;
        private int journals;

        Postgres(Path parent) throws IOException {
            directory = parent.resolve("postgresql");
            // The server of the tests does not flush to the disk; a merchant's does.
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(true)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .start();
        }

        @Override
        public String name() {
            return "postgresql";
        }

        @Override
        public String newJournal() throws SQLException {
            String name = "journal" + ++journals;
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
            return server.getJdbcUrl("postgres", name);
        }

        @Override
        public long[] commits(String url) throws SQLException {
            return new long[] {
                Server.single(url, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"),
                Server.single(url, "SELECT wal_sync FROM pg_stat_wal")
            };
        }

        @Override
        public double cpuSeconds() throws IOException {
            long postmaster = Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid"))
                    .get(0)
                    .strip());
            return ProcessHandle.of(postmaster).stream()
                            .flatMap(ProcessHandle::children)
                            .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
                            .mapToLong(Duration::toMillis)
                            .sum()
                    / 1_000.0;
        }

        @Override
        public double megabytes(String url) throws SQLException {
            return Server.single(url, "SELECT pg_database_size(current_database())") / MILLION;
        }

        @Override
        public double cacheMegabytes(String url) {
            return 0;
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
