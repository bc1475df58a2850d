/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import com.sun.management.OperatingSystemMXBean;
import io.github.camelksher.client.StackRoomCost;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the transport's tricks cost and save: processor time of the whole process for each operation, since some of them wake other
 * threads. The two sides of a pair take turns; the median of the rounds counts.
 */
@Command(
        name = "tricks",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Measures what the transport does beyond HttpClient.")
public final class Tricks implements Callable<Integer> {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Option(names = "--rounds", description = "of each", defaultValue = "15")
    private int rounds;

    /** Something that is done many times. */
    private interface Work {
        void run(int times) throws Exception;
    }

    /** Work, how often a round does it, and what its rounds found, in ns of processor time and of time. */
    private record Trick(Work work, int times, List<Double> cpu, List<Double> wall) {

        Trick(Work work, int times) {
            this(work, times, new ArrayList<>(), new ArrayList<>());
        }

        void round() throws Exception {
            long cpuBefore = PROCESS.getProcessCpuTime();
            long before = System.nanoTime();
            work.run(times);
            wall.add((System.nanoTime() - before) / (double) times);
            cpu.add((PROCESS.getProcessCpuTime() - cpuBefore) / (double) times);
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Tricks()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        try (Echo echo = new Echo()) {
            Map<String, Trick> tricks = new LinkedHashMap<>();
            tricks.put(
                    "a round trip, a socket with a channel and no timeout",
                    new Trick(echo.roundTrips(true, 0), 10_000));
            tricks.put("the same with a timeout", new Trick(echo.roundTrips(true, 30_000), 10_000));
            tricks.put("the same, a socket without a channel", new Trick(echo.roundTrips(false, 30_000), 10_000));
            tricks.put("stale check, by the channel", new Trick(echo.staleCheck(), 20_000));
            tricks.put("stale check, HttpClient's own", new Trick(echo.staleCheckOfHttpClient(), 200));
            tricks.put("a task for a deadline, no other call under way", new Trick(watched(0), 20_000));
            tricks.put("a task for a deadline, 15 others", new Trick(watched(15), 20_000));
            tricks.put("a call noted for a sweep instead", new Trick(swept(), 200_000));
            tricks.put("looking for room on the stack", new Trick(StackRoomCost::look, 200_000));
            for (int round = -3; round < rounds; round++) {
                for (Trick trick : tricks.values()) {
                    trick.round();
                    if (round < 0) {
                        trick.cpu().clear();
                        trick.wall().clear();
                    }
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%nJava %s; medians of %d rounds%n%n| what | CPU, µs | time, µs |%n|---|--:|--:|%n",
                    System.getProperty("java.version"),
                    rounds);
            tricks.forEach((name, trick) -> System.out.printf(
                    Locale.ROOT, "| %s | %.2f | %.2f |%n", name, median(trick.cpu()), median(trick.wall())));
        }
        return 0;
    }

    private static double median(List<Double> nanos) {
        double[] sorted =
                nanos.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2] / 1_000;
    }

    private static HttpCall newCall() {
        URI url = URI.create("http://127.0.0.1/");
        return new HttpCall(
                url,
                new CallSettings(url.toString(), Map.of(), Duration.ofSeconds(30), Duration.ofSeconds(60), 1024),
                System.nanoTime());
    }

    private static Work watched(int others) throws IOException {
        CallWatchdog watchdog = new CallWatchdog(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < others; i++) {
            watchdog.watch(newCall());
        }
        HttpCall call = newCall();
        return times -> {
            for (int i = 0; i < times; i++) {
                watchdog.watch(call);
                watchdog.unwatch(call);
            }
        };
    }

    private static Work swept() {
        Set<HttpCall> calls = ConcurrentHashMap.newKeySet();
        HttpCall call = newCall();
        return times -> {
            for (int i = 0; i < times; i++) {
                calls.add(call);
                calls.remove(call);
            }
        };
    }

    /** Sends back 400 bytes for 400, about a call's; keeps what it was connected with open. */
    private static final class Echo implements Closeable {

        private static final int SIZE = 400;
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Closeable> open = new ArrayList<>();

        Echo() throws IOException {
            open.add(server);
            Thread accepting = new Thread(() -> {
                try {
                    while (true) {
                        Socket socket = server.accept();
                        socket.setTcpNoDelay(true);
                        Thread serving = new Thread(() -> serve(socket));
                        serving.setDaemon(true);
                        serving.start();
                    }
                } catch (IOException e) {
                    // Closed: the end.
                }
            });
            accepting.setDaemon(true);
            accepting.start();
        }

        private static void serve(Socket socket) {
            try (socket) {
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                for (byte[] bytes = in.readNBytes(SIZE); bytes.length == SIZE; bytes = in.readNBytes(SIZE)) {
                    out.write(bytes);
                }
            } catch (IOException e) {
                // The other side is gone.
            }
        }

        private Socket connected(boolean channel) throws IOException {
            Socket socket = channel ? SocketChannel.open().socket() : new Socket();
            socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
            socket.setTcpNoDelay(true);
            open.add(socket);
            return socket;
        }

        Work roundTrips(boolean channel, int timeout) throws IOException {
            Socket socket = connected(channel);
            socket.setSoTimeout(timeout);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] bytes = new byte[SIZE];
            Arrays.fill(bytes, (byte) 'x');
            byte[] buffer = new byte[8192];
            return times -> {
                for (int i = 0; i < times; i++) {
                    out.write(bytes);
                    int size = 0;
                    while (size < SIZE) {
                        size += in.read(buffer, size, buffer.length - size);
                    }
                }
            };
        }

        Work staleCheck() throws IOException {
            StaleCheckedConnection connection = new StaleCheckedConnection();
            connection.bind(connected(true));
            return times -> {
                for (int i = 0; i < times; i++) {
                    if (connection.isStale()) {
                        throw new IllegalStateException("stale");
                    }
                }
            };
        }

        Work staleCheckOfHttpClient() throws IOException {
            DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(null);
            connection.bind(connected(false));
            return times -> {
                for (int i = 0; i < times; i++) {
                    if (connection.isStale()) {
                        throw new IllegalStateException("stale");
                    }
                }
            };
        }

        @Override
        public void close() throws IOException {
            for (Closeable closeable : open) {
                closeable.close();
            }
        }
    }
}
