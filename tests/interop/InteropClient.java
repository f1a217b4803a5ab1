import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.RPCHook;

/**
 * Sends and receives with RocketMQ's own Java client, so that the tests can compare it with ours byte for byte.
 *
 * <p>Columns are separated by a tab; an absent tag or key is "-". Bodies are named by their SHA-256.
 * <ul>
 * <li>send: sha256, length, msgId, queueId, queueOffset
 * <li>receive: sha256, length, tag, keys, queueId, queueOffset, msgId, reconsumeTimes, storeSize, topic, bornTimestamp, storeTimestamp,
 *     bornHost
 * </ul>
 */
public final class InteropClient {
    private static final String USAGE = """
        usage: java-client send --namesrv A --topic T [--tag G] [--key K] [--count N] [--size BYTES] [--binary]
                           [--compress zlib|lz4|zstd] [--batch] [--prefix P] [--index-property NAME]
               java-client receive --namesrv A --topic T --group G [--tag EXPRESSION] --count N --timeout-s S [--from first]
                           [--fail-with-retries N]
        Body i is P followed by i ("message-0" ...); --size fills it with a, b, ... z, a ... or cuts it to that length.
        --index-property gives message i the property NAME=i. With --fail-with-retries every delivery fails, so that each message
        comes N + 1 times and goes to the dead-letter queue.
        With --binary, byte j of body i is (i + j) mod 256. With access control, the keys are taken from the environment:
        INTEROP_ACCESS_KEY and INTEROP_SECRET_KEY.""";

    private static final int COMPRESS_FROM_BYTES = 16;
    /** For route look-ups and the like: a name server on a busy machine may take longer than the 3 s of the client. */
    private static final int PATIENCE_MS = 30_000;
    private static final int MAX_COUNT = 1_000_000;
    private static final int MAX_BODY_BYTES = 4 << 20;

    private InteropClient() {
    }

    public static void main(String[] words) {
        int code;
        try {
            List<String> rest = words.length == 0 ? List.of() : Arrays.asList(words).subList(1, words.length);
            switch (words.length == 0 ? "" : words[0]) {
                case "send" -> code = send(rest);
                case "receive" -> code = receive(rest);
                default -> throw new Arguments.UsageException("give a subcommand: send or receive");
            }
        } catch (Arguments.UsageException e) {
            System.err.println("java-client: " + e.getMessage() + "\n" + USAGE);
            code = 2;
        } catch (Exception e) {
            System.err.println("java-client: " + e);
            code = 1;
        }
        System.out.flush();
        System.exit(code);
    }

    private static int send(List<String> words) throws Exception {
        Arguments arguments = new Arguments(words, Set.of("namesrv", "topic", "tag", "key", "count", "size", "compress", "prefix",
            "index-property"), Set.of("binary", "batch"));
        String compression = arguments.oneOf("compress", "none", new TreeSet<>(Set.of("none", "zlib", "lz4", "zstd")));
        if (!compression.equals("none")) {
            // The one way to choose it that both the 4.9 and the 5.x client know; read when the producer is made.
            System.setProperty(MixAll.MESSAGE_COMPRESS_TYPE, compression.toUpperCase());
        }
        List<Message> messages = messages(arguments);
        DefaultMQProducer producer = new DefaultMQProducer("interop_producer", credentials());
        producer.setNamesrvAddr(arguments.text("namesrv"));
        producer.setCompressMsgBodyOverHowmuch(compression.equals("none") ? Integer.MAX_VALUE : COMPRESS_FROM_BYTES);
        producer.setMaxMessageSize(2 * MAX_BODY_BYTES);
        producer.setSendMsgTimeout(10_000);
        producer.setMqClientApiTimeout(PATIENCE_MS);
        List<String> hashes = new ArrayList<>();
        for (Message message : messages) {
            hashes.add(sha256(message.getBody()));  // before the send, because the client compresses in place
        }
        List<Integer> lengths = messages.stream().map(message -> message.getBody().length).toList();
        producer.start();
        try {
            if (arguments.has("batch")) {
                SendResult result = stored(producer.send(messages), "the batch");
                String[] ids = result.getMsgId().split(",");
                for (int i = 0; i < messages.size(); i++) {
                    // The answer to a batch names the first message's offset; the others follow it.
                    printSent(hashes.get(i), lengths.get(i), ids[i], result, i);
                }
            } else {
                for (int i = 0; i < messages.size(); i++) {
                    SendResult result = stored(producer.send(messages.get(i)), "message " + i);
                    printSent(hashes.get(i), lengths.get(i), result.getMsgId(), result, 0);
                }
            }
        } finally {
            producer.shutdown();
        }
        return 0;
    }

    private static List<Message> messages(Arguments arguments) {
        String topic = arguments.text("topic");
        int count = arguments.number("count", 1, 1, MAX_COUNT);
        int size = arguments.number("size", arguments.has("binary") ? 256 : 0, 0, MAX_BODY_BYTES);
        if (arguments.has("binary") && size == 0) {
            throw new Arguments.UsageException("--binary needs a --size of at least 1: RocketMQ stores no empty body");
        }
        List<Message> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] body = arguments.has("binary") ? binaryBody(i, size) : textBody(arguments.text("prefix", "message-") + i, size);
            Message message = new Message(topic, arguments.text("tag", ""), arguments.text("key", ""), body);
            if (arguments.has("index-property")) {
                message.putUserProperty(arguments.text("index-property"), String.valueOf(i));
            }
            messages.add(message);
        }
        return messages;
    }

    private static byte[] binaryBody(int index, int size) {
        byte[] body = new byte[size];
        for (int j = 0; j < size; j++) {
            body[j] = (byte) (index + j);
        }
        return body;
    }

    private static byte[] textBody(String start, int size) {
        byte[] head = start.getBytes(StandardCharsets.UTF_8);
        if (size == 0) {
            return head;
        }
        byte[] body = Arrays.copyOf(head, size);
        for (int j = head.length; j < size; j++) {
            body[j] = (byte) ('a' + (j - head.length) % 26);
        }
        return body;
    }

    private static SendResult stored(SendResult result, String what) {
        if (result.getSendStatus() != SendStatus.SEND_OK) {
            throw new IllegalStateException(what + " was answered with " + result.getSendStatus());
        }
        return result;
    }

    private static void printSent(String hash, int length, String msgId, SendResult result, int position) {
        System.out.println(String.join("\t", hash, String.valueOf(length), msgId, String.valueOf(result.getMessageQueue().getQueueId()),
            String.valueOf(result.getQueueOffset() + position)));
    }

    private static int receive(List<String> words) throws Exception {
        Arguments arguments = new Arguments(words, Set.of("namesrv", "topic", "group", "tag", "count", "timeout-s", "from",
            "fail-with-retries"), Set.of());
        arguments.text("count");
        arguments.text("timeout-s");
        int count = arguments.number("count", 0, 1, MAX_COUNT);
        int timeoutSeconds = arguments.number("timeout-s", 0, 1, 3600);
        String from = arguments.oneOf("from", "last", new TreeSet<>(Set.of("first", "last")));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);

        DefaultMQPushConsumer consumer =
            new DefaultMQPushConsumer(arguments.text("group"), credentials(), new AllocateMessageQueueAveragely());
        consumer.setNamesrvAddr(arguments.text("namesrv"));
        consumer.setMqClientApiTimeout(PATIENCE_MS);
        consumer.setConsumeFromWhere(from.equals("first") ? ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET
            : ConsumeFromWhere.CONSUME_FROM_LAST_OFFSET);
        consumer.subscribe(arguments.text("topic"), arguments.text("tag", "*"));
        boolean fail = arguments.has("fail-with-retries");
        if (fail) {
            consumer.setMaxReconsumeTimes(arguments.number("fail-with-retries", 0, 1, 100));
            // The last failure is reported to the broker after the listener has returned.
            consumer.setAwaitTerminationMillisWhenShutdown(10_000);
        }
        CountDownLatch missing = new CountDownLatch(count);
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            synchronized (missing) {
                for (MessageExt message : messages) {
                    printReceived(message);
                    missing.countDown();
                }
            }
            return fail ? ConsumeConcurrentlyStatus.RECONSUME_LATER : ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
        boolean complete;
        try {
            complete = announceQueues(consumer, deadline, missing)
                && missing.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } finally {
            consumer.shutdown();
        }
        if (!complete) {
            System.err.printf("java-client: only %d of %d messages arrived within %d s%n", count - missing.getCount(), count, timeoutSeconds);
        }
        return complete ? 0 : 1;
    }

    /** Says on standard error when queues are assigned: from then on, whatever is sent is received, "--from last" too. */
    @SuppressWarnings("deprecation")  // the client offers no other way to see which queues it has
    private static boolean announceQueues(DefaultMQPushConsumer consumer, long deadline, CountDownLatch missing) throws InterruptedException {
        var queues = consumer.getDefaultMQPushConsumerImpl().getRebalanceImpl().getProcessQueueTable();
        while (queues.keySet().stream().noneMatch(queue -> !queue.getTopic().startsWith(MixAll.RETRY_GROUP_TOPIC_PREFIX))) {
            if (missing.getCount() == 0) {
                return true;
            }
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(20);
        }
        System.err.println("java-client: receiving");
        return true;
    }

    private static void printReceived(MessageExt message) {
        System.out.println(String.join("\t", sha256(message.getBody()), String.valueOf(message.getBody().length), orDash(message.getTags()),
            orDash(message.getKeys()), String.valueOf(message.getQueueId()), String.valueOf(message.getQueueOffset()), message.getMsgId(),
            String.valueOf(message.getReconsumeTimes()), String.valueOf(message.getStoreSize()), message.getTopic(),
            String.valueOf(message.getBornTimestamp()), String.valueOf(message.getStoreTimestamp()), message.getBornHostString()));
        System.out.flush();
    }

    private static String orDash(String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }

    private static RPCHook credentials() {
        String accessKey = System.getenv("INTEROP_ACCESS_KEY");
        String secretKey = System.getenv("INTEROP_SECRET_KEY");
        return accessKey == null || secretKey == null ? null : new AclClientRPCHook(new SessionCredentials(accessKey, secretKey));
    }

    private static String sha256(byte[] bytes) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte b : MessageDigest.getInstance("SHA-256").digest(bytes)) {
                hex.append(String.format("%02x", b));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
