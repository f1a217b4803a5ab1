package rocketmq.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** The measured span: announced on standard output when it begins, told there as the last line when it is over. */
final class Measurement {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long cpuBegan;
    private long cpuEnded;
    private long began;
    private long ended;
    private String latencies = "";

    void begin() {
        System.out.println("{\"event\": \"begin\"}");
        System.out.flush();
        cpuBegan = system.getProcessCpuTime();
        began = System.nanoTime();
    }

    void end() {
        ended = System.nanoTime();
        cpuEnded = system.getProcessCpuTime();
    }

    void setLatencies(long[] nanoseconds) {
        long[] sorted = nanoseconds.clone();
        Arrays.sort(sorted);
        latencies = String.format(Locale.ROOT, "\"p50_us\": %.3f, \"p99_us\": %.3f, \"max_us\": %.3f, ", percentile(sorted, 50),
            percentile(sorted, 99), percentile(sorted, 100));
    }

    void print(long messages) throws IOException {
        System.out.println(String.format(Locale.ROOT,
            "{\"event\": \"result\", %s\"messages\": %d, \"seconds\": %.6f, \"cpu_seconds\": %.6f, \"peak_rss_kib\": %d}", latencies,
            messages, (ended - began) / 1e9, (cpuEnded - cpuBegan) / 1e9, peakResidentKib()));
        System.out.flush();
    }

    /** The nearest-rank percentile, in microseconds. */
    private static double percentile(long[] sorted, int percent) {
        int rank = (int) (((long) sorted.length * percent + 99) / 100);
        return sorted[Math.max(rank, 1) - 1] / 1e3;
    }

    private static long peakResidentKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("/proc/self/status has no VmHWM");
    }
}
