package rocketmq.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The bodies that all participants send, by their numbers; bench/common/bodies.h says what they are. */
final class Bodies {
    private static final long FIRST_SEQUENCE = 1_000_000_000_000L;
    private static final long FIRST_TIME_MS = 1_750_000_000_000L;

    private final String kind;
    private final int bytes;

    Bodies(Options options) {
        kind = options.text("body", "text");
        if (!kind.equals("text") && !kind.equals("json") && !kind.equals("csv")) {
            throw new Options.UsageException("--body " + kind + " is none of text, json and csv");
        }
        bytes = options.number("bytes", 100);
    }

    byte[] make(long number) {
        if (!kind.equals("text")) {
            return makeTick(number).getBytes(StandardCharsets.US_ASCII);
        }
        byte[] start = (number + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOf(start, bytes);
        if (bytes > start.length) {
            Arrays.fill(body, start.length, bytes, (byte) 'x');
        }
        return body;
    }

    /** The number that a text starts with. */
    static long numberOf(byte[] body) {
        long number = 0;
        for (int i = 0; i < body.length && body[i] != ' '; i++) {
            number = 10 * number + body[i] - '0';
        }
        return number;
    }

    /** Of which number a tick is. */
    static long numberOfTick(long sequence) {
        return sequence - FIRST_SEQUENCE;
    }

    static String symbol(long number) {
        return 600_000 + number % 1000 + ".SH";
    }

    static double bidPrice(long number) {
        return (123_400 + number % 10_000) / 100.0;
    }

    static double askPrice(long number) {
        return (123_401 + number % 10_000 + number % 7) / 100.0;
    }

    static int volume(long number) {
        return 1000 + (int) (number % 9000);
    }

    static long timeMs(long number) {
        return FIRST_TIME_MS + number;
    }

    private String makeTick(long number) {
        String format = kind.equals("csv") ? "%s,%.2f,%.2f,%d,%d,%d"
            : "{\"symbol\":\"%s\",\"bidPrice\":%.2f,\"askPrice\":%.2f,\"volume\":%d,\"sequence\":%d,\"time\":%d}";
        return String.format(Locale.ROOT, format, symbol(number), bidPrice(number), askPrice(number), volume(number),
            FIRST_SEQUENCE + number, timeMs(number));
    }
}
