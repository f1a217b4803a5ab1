import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The options of one subcommand: {@code --name value} or, for a flag, {@code --name}. Unknown ones are refused. */
final class Arguments {
    /** The caller asked for something that makes no sense; the message says what. */
    static final class UsageException extends RuntimeException {
        UsageException(String message) {
            super(message);
        }
    }

    private final Map<String, String> values = new LinkedHashMap<>();

    Arguments(List<String> words, Set<String> options, Set<String> flags) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String name = word.startsWith("--") ? word.substring(2) : "";
            if (flags.contains(name)) {
                values.put(name, "");
            } else if (!options.contains(name)) {
                throw new UsageException("unknown argument '" + word + "'");
            } else if (i + 1 == words.size()) {
                throw new UsageException(word + " needs a value");
            } else {
                values.put(name, words.get(++i));
            }
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
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

    int number(String name, int otherwise, int lowest, int highest) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Said below, as for a number out of range.
        }
        throw new UsageException("--" + name + " '" + value + "' is not a number from " + lowest + " to " + highest);
    }

    String oneOf(String name, String otherwise, Set<String> allowed) {
        String value = values.getOrDefault(name, otherwise);
        if (!allowed.contains(value)) {
            throw new UsageException("--" + name + " '" + value + "' is not one of " + String.join(", ", allowed));
        }
        return value;
    }
}
