/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * How many order queries the simulator answers in a second, and how long each takes beyond the
 * latency asked for: {@code SimulatorLoad [threads] [calls] [latency in ms]}. All requests are
 * signed before the clock starts, and the callers are plain sockets, so that little but the
 * simulator is measured.
 */
final class SimulatorLoad {

    private SimulatorLoad() {}

    public static void main(String[] args) throws Exception {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : 4;
        int calls = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
        Duration latency = Duration.ofMillis(args.length > 2 ? Long.parseLong(args[2]) : 0);
        try (KsherSimulator simulator =
                KsherSimulator.builder().queryInterval(Duration.ZERO).start()) {
            for (int i = 0; i < 1000; i++) {
                simulator.open(KsherOrder.of("L" + i));
            }
            run(simulator, threads, calls / 4);
            simulator.faults().latency(latency, latency, 7);
            Run run = run(simulator, threads, calls);
            System.out.printf("%d threads, %d calls: %.0f calls/s%n", threads, calls, calls / run.seconds);
            for (double part : new double[] {0.5, 0.9, 0.99, 1}) {
                long nanos = run.nanos[(int) Math.ceil(part * run.nanos.length) - 1];
                System.out.printf(
                        "  %3.0f %% took at most %.2f ms more than the latency%n",
                        part * 100, (nanos - latency.toNanos()) / 1e6);
            }
        }
    }

    /** How long all calls took together, and each of them, the quickest first. */
    private record Run(double seconds, long[] nanos) {}

    private static Run run(KsherSimulator simulator, int threads, int calls) throws Exception {
        Merchant merchant = new Merchant(simulator);
        List<Callable<long[]>> callers = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            List<byte[]> requests = new ArrayList<>();
            for (int i = 0; i < calls / threads; i++) {
                String body = Merchant.encode(merchant.signed(merchant.form("L" + i % 1000)));
                String head = "POST /KsherPay/order_query HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                        + body.length() + "\r\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n\r\n";
                requests.add((head + body).getBytes(StandardCharsets.US_ASCII));
            }
            callers.add(() -> send(simulator.port(), requests));
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        LongStream all = LongStream.empty();
        long start = System.nanoTime();
        for (Future<long[]> done : pool.invokeAll(callers)) {
            all = LongStream.concat(all, LongStream.of(done.get()));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        pool.shutdown();
        return new Run(seconds, all.sorted().toArray());
    }

    /** How long each call took. */
    private static long[] send(int port, List<byte[]> requests) throws IOException {
        long[] nanos = new long[requests.size()];
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                socket.getOutputStream().write(requests.get(i));
                read(in);
                nanos[i] = System.nanoTime() - start;
            }
        }
        return nanos;
    }

    private static void read(InputStream in) throws IOException {
        int length = -1;
        boolean ok = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            ok |= line.startsWith("HTTP/1.1 200");
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        String body = new String(in.readNBytes(Math.max(0, length)), StandardCharsets.UTF_8);
        if (!ok || !body.contains("\"result\":\"NOTPAY\"")) {
            throw new IOException("not the expected reply: " + body);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("connection closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
