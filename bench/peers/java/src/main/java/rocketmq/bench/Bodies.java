package rocketmq.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bodies that all participants send: a number, a blank, and letters up to the wanted length. */
final class Bodies {
    private Bodies() {
    }

    static byte[] make(long number, int bytes) {
        byte[] start = (number + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOf(start, bytes);
        if (bytes > start.length) {
            Arrays.fill(body, start.length, bytes, (byte) 'x');
        }
        return body;
    }

    /** The number that a body starts with. */
    static long numberOf(byte[] body) {
        long number = 0;
        for (int i = 0; i < body.length && body[i] != ' '; i++) {
            number = 10 * number + body[i] - '0';
        }
        return number;
    }
}
