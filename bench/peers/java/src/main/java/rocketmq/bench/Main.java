package rocketmq.bench;

import java.util.Arrays;
import java.util.List;

/** RocketMQ's Java client as a participant of the benchmarks; see bench/README.md. */
public final class Main {
    private static final String USAGE =
        "usage: send-batch|send-one|send-async|send-paced|consume|end-to-end --namesrv A --topic T --group G --messages N ...";

    private Main() {
    }

    public static void main(String[] words) {
        int code = 0;
        try {
            String work = words.length == 0 ? "" : words[0];
            List<String> rest = words.length == 0 ? List.of() : Arrays.asList(words).subList(1, words.length);
            Options options = new Options(rest);
            switch (work) {
                case "send-batch" -> new Sending(options).batches();
                case "send-one" -> new Sending(options).singles();
                case "send-async" -> new Sending(options).pipelined();
                case "send-paced" -> new Sending(options).paced();
                case "consume" -> new Consuming(options).backlog();
                case "end-to-end" -> new Consuming(options).endToEnd();
                default -> throw new Options.UsageException("there is no work '" + work + "'");
            }
        } catch (Options.UsageException e) {
            System.err.println("java: " + e.getMessage() + "\n" + USAGE);
            code = 2;
        } catch (Exception e) {
            System.err.println("java: " + e);
            code = 1;
        }
        System.out.flush();
        System.exit(code);  // threads of the client may still run
    }
}
