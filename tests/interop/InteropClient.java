import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.hook.SendMessageContext;
import org.apache.rocketmq.client.hook.SendMessageHook;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.selector.SelectMessageQueueByHash;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageBatch;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.remoting.RPCHook;

/**
 * Sends and receives with RocketMQ's own Java client, so that the tests can compare it with ours byte for byte.
 *
 * <p>Columns are separated by a tab; an absent tag or key is "-". Bodies are named by their SHA-256.
 * <ul>
 * <li>send: sha256, length, msgId, queueId, queueOffset
 * <li>receive: sha256, length, tag, keys, queueId, queueOffset, msgId, reconsumeTimes, storeSize, topic, bornTimestamp, storeTimestamp,
 *     bornHost, brokerName, and then a column NAME=VALUE per property that the broker stored, in the order of their names
 * </ul>
 */
public final class InteropClient {
    private static final String USAGE = """
        usage: java-client send --namesrv A --topic T [--tag G] [--key K] [--count N] [--size BYTES] [--binary]
                           [--compress zlib|lz4|zstd] [--batch] [--prefix P] [--index-property NAME] [--order-key K] [--namespace S] [--no-unique-key]
               java-client receive --namesrv A --topic T[,T...] --group G [--tag EXPRESSION] --count N --timeout-s S [--from first]
                           [--fail-with-retries N] [--fail-once] [--namespace S]
        Body i is P followed by i ("message-0" ...); --size fills it with a, b, ... z, a ... or cuts it to that length.
        --index-property gives message i the property NAME=i. --order-key sends message i to the queue of the hash of K followed by i. With --fail-with-retries every delivery fails, so that each message
        comes N + 1 times and goes to the dead-letter queue. With --fail-once every first delivery fails, and the second one is never
        acknowledged, so that the next member of the group gets it, too.
        With --no-unique-key the messages have no property UNIQ_KEY, as those of clients in some other languages.
        receive ends after N messages of each topic. With --binary, byte j of body i is (i + j) mod 256. With access control, the keys are taken from the environment:
        INTEROP_ACCESS_KEY and INTEROP_SECRET_KEY.""";

    /** For route look-ups and the like: a name server on a busy machine may take longer than the 3 s of the client. */
    static final int PATIENCE_MS = 30_000;
    static final int LOOK_INTERVAL_MS = 1_000;
    static final int MAX_COUNT = 1_000_000;
    private static final int COMPRESS_FROM_BYTES = 16;
    private static final int MAX_BODY_BYTES = 4 << 20;

    private InteropClient() {
    }

    public static void main(String[] words) {
        // By default new queues, such as those of retries, are looked for every 20 and 30 s.
        System.setProperty("rocketmq.client.rebalance.waitInterval", String.valueOf(LOOK_INTERVAL_MS));
        int code;
        try {
            List<String> rest = words.length == 0 ? List.of() : Arrays.asList(words).subList(1, words.length);
            switch (words.length == 0 ? "" : words[0]) {
                case "send" -> code = send(rest);
                case "receive" -> code = InteropReceiver.receive(rest);
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
            "index-property", "order-key", "namespace"), Set.of("binary", "batch", "no-unique-key"));
        String compression = arguments.oneOf("compress", "none", new TreeSet<>(Set.of("none", "zlib", "lz4", "zstd")));
        if (!compression.equals("none")) {
            // The one way to choose it that both the 4.9 and the 5.x client know; read when the producer is made.
            System.setProperty(MixAll.MESSAGE_COMPRESS_TYPE, compression.toUpperCase());
        }
        List<Message> messages = messages(arguments);
        DefaultMQProducer producer = new DefaultMQProducer("interop_producer", credentials());
        producer.setNamesrvAddr(arguments.text("namesrv"));
        producer.setCompressMsgBodyOverHowmuch(compression.equals("none") ? Integer.MAX_VALUE : COMPRESS_FROM_BYTES);
        setNamespace(producer, arguments);
        producer.setMaxMessageSize(2 * MAX_BODY_BYTES);
        producer.setSendMsgTimeout(10_000);
        producer.setMqClientApiTimeout(PATIENCE_MS);
        List<String> hashes = new ArrayList<>();
        for (Message message : messages) {
            hashes.add(sha256(message.getBody()));  // before the send, because the client compresses in place
        }
        List<Integer> lengths = messages.stream().map(message -> message.getBody().length).toList();
        if (arguments.has("no-unique-key")) {
            removeUniqueKeys(producer);
        }
        producer.start();
        try {
            if (arguments.has("batch")) {
                SendResult result = stored(arguments.has("no-unique-key") ? producer.send(batchWithoutUniqueKeys(messages))
                    : producer.send(messages), "the batch");
                String[] ids = result.getMsgId().split(",");
                for (int i = 0; i < messages.size(); i++) {
                    // For a BatchCQ topic the result has one id, which is that of the batch.
                    String id = ids.length == messages.size() ? ids[i]
                        : messages.get(i).getProperty(MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX);
                    // The answer to a batch names the first message's offset; the others follow it.
                    printSent(hashes.get(i), lengths.get(i), id, result, i);
                }
            } else {
                for (int i = 0; i < messages.size(); i++) {
                    SendResult result = stored(arguments.has("order-key")
                        ? producer.send(messages.get(i), new SelectMessageQueueByHash(), arguments.text("order-key") + i)
                        : producer.send(messages.get(i)), "message " + i);
                    printSent(hashes.get(i), lengths.get(i), result.getMsgId(), result, 0);
                }
            }
        } finally {
            producer.shutdown();
        }
        return 0;
    }

    @SuppressWarnings("deprecation")  // these namespaces are those of the plugin's nameSpace; what took their place in 5.x is another thing
    static void setNamespace(ClientConfig client, Arguments arguments) {
        if (arguments.has("namespace")) {
            client.setNamespace(arguments.text("namespace"));
        }
    }

    @SuppressWarnings("deprecation")  // the client offers no other way to hooks
    private static void removeUniqueKeys(DefaultMQProducer producer) {
        producer.getDefaultMQProducerImpl().registerSendMessageHook(new UniqueKeyRemover());
    }

    /** The client gives every message that it sends alone the property; the hook runs after that. */
    private static final class UniqueKeyRemover implements SendMessageHook {
        @Override
        public String hookName() {
            return "UniqueKeyRemover";
        }

        @Override
        public void sendMessageBefore(SendMessageContext context) {
            MessageAccessor.clearProperty(context.getMessage(), MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX);
        }

        @Override
        public void sendMessageAfter(SendMessageContext context) {
            // Nothing is to be done.
        }
    }

    /** The client gives the property to the messages of lists, not to those of a batch that is made already. */
    private static MessageBatch batchWithoutUniqueKeys(List<Message> messages) {
        MessageBatch batch = MessageBatch.generateFromList(messages);
        batch.setBody(batch.encode());
        return batch;
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

    static RPCHook credentials() {
        String accessKey = System.getenv("INTEROP_ACCESS_KEY");
        String secretKey = System.getenv("INTEROP_SECRET_KEY");
        return accessKey == null || secretKey == null ? null : new AclClientRPCHook(new SessionCredentials(accessKey, secretKey));
    }

    static String sha256(byte[] bytes) {
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
