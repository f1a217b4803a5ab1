package rocketmq.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The words of a command line: a work, then pairs of --name and value. */
final class Options {
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    private static final List<String> NAMES = List.of("namesrv", "topic", "group", "messages", "warmup", "bytes", "threads",
        "batch-bytes", "in-flight", "interval-us", "busy-us", "compress-over", "body", "into");

    private final Map<String, String> values = new HashMap<>();

    Options(List<String> words) {
        for (int i = 0; i < words.size(); i += 2) {
            String name = words.get(i).startsWith("--") ? words.get(i).substring(2) : "";
            if (!NAMES.contains(name) || i + 1 == words.size()) {
                throw new UsageException(words.get(i) + " is no option with a value; there are --" + String.join(" --", NAMES));
            }
            values.put(name, words.get(i + 1));
        }
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new UsageException("--" + name + " is missing");
        }
        return value;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        try {
            int number = value == null ? otherwise : Integer.parseInt(value);
            if (number < 0) {
                throw new UsageException("--" + name + " must not be negative");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + " " + value + " is not a number");
        }
    }
}
