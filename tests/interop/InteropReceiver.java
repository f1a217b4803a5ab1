import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;

/** The subcommand "receive" of {@link InteropClient}. */
final class InteropReceiver {
    private static final int MAX_HELD = 60;
    /** Properties that no broker stores: the client puts them into what it has received. */
    private static final Set<String> ADDED_BY_THE_CLIENT = Set.of(MessageConst.PROPERTY_MIN_OFFSET, MessageConst.PROPERTY_MAX_OFFSET,
        MessageConst.PROPERTY_CONSUME_START_TIMESTAMP);

    private InteropReceiver() {
    }

    static int receive(List<String> words) throws Exception {
        Arguments arguments = new Arguments(words, Set.of("namesrv", "topic", "group", "tag", "count", "timeout-s", "from",
            "fail-with-retries", "namespace"), Set.of("fail-once"));
        arguments.text("count");
        arguments.text("timeout-s");
        int count = arguments.number("count", 0, 1, InteropClient.MAX_COUNT);
        int timeoutSeconds = arguments.number("timeout-s", 0, 1, 3600);
        String from = arguments.oneOf("from", "last", new TreeSet<>(Set.of("first", "last")));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);

        DefaultMQPushConsumer consumer =
            new DefaultMQPushConsumer(arguments.text("group"), InteropClient.credentials(), new AllocateMessageQueueAveragely());
        consumer.setNamesrvAddr(arguments.text("namesrv"));
        InteropClient.setNamespace(consumer, arguments);
        consumer.setMqClientApiTimeout(InteropClient.PATIENCE_MS);
        consumer.setPollNameServerInterval(InteropClient.LOOK_INTERVAL_MS);
        consumer.setConsumeFromWhere(from.equals("first") ? ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET
            : ConsumeFromWhere.CONSUME_FROM_LAST_OFFSET);
        Map<String, CountDownLatch> missing = new TreeMap<>();  // by topic
        for (String topic : arguments.text("topic").split(",")) {
            consumer.subscribe(topic, arguments.text("tag", "*"));
            missing.put(topic, new CountDownLatch(count));
        }
        boolean fail = arguments.has("fail-with-retries");
        if (fail) {
            consumer.setMaxReconsumeTimes(arguments.number("fail-with-retries", 0, 1, 100));
            // The last failure is reported to the broker after the listener has returned.
            consumer.setAwaitTerminationMillisWhenShutdown(10_000);
        }
        boolean failOnce = arguments.has("fail-once");
        if (failOnce) {
            consumer.setConsumeThreadMin(MAX_HELD);  // each second delivery keeps a thread
            consumer.setConsumeThreadMax(MAX_HELD);
        }
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            synchronized (missing) {
                for (MessageExt message : messages) {
                    printReceived(message);
                    missing.get(message.getTopic()).countDown();
                }
            }
            while (failOnce && messages.get(0).getReconsumeTimes() > 0) {
                holdUntilTheProcessEnds();
            }
            return fail || failOnce ? ConsumeConcurrentlyStatus.RECONSUME_LATER : ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
        boolean complete;
        try {
            complete = announceQueues(consumer, deadline, missing.values());
            for (CountDownLatch each : missing.values()) {
                complete = complete && each.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } finally {
            consumer.shutdown();
        }
        if (!complete) {
            missing.forEach((topic, each) -> System.err.printf("java-client: %d of %d messages of %s arrived within %d s%n",
                count - each.getCount(), count, topic, timeoutSeconds));
        }
        return complete ? 0 : 1;
    }

    /** Says on standard error when queues are assigned: from then on, whatever is sent is received, "--from last" too. */
    @SuppressWarnings("deprecation")  // the client offers no other way to see which queues it has
    private static boolean announceQueues(DefaultMQPushConsumer consumer, long deadline, Collection<CountDownLatch> missing)
        throws InterruptedException {
        var queues = consumer.getDefaultMQPushConsumerImpl().getRebalanceImpl().getProcessQueueTable();
        while (queues.keySet().stream().noneMatch(queue -> !queue.getTopic().startsWith(MixAll.RETRY_GROUP_TOPIC_PREFIX))) {
            if (missing.stream().allMatch(each -> each.getCount() == 0)) {
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

    private static void holdUntilTheProcessEnds() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException ignored) {
            // The consumer shuts down. If the listener returned now, the message would be acknowledged or sent back.
        }
    }

    private static void printReceived(MessageExt message) {
        List<String> columns = new ArrayList<>(List.of(InteropClient.sha256(message.getBody()), String.valueOf(message.getBody().length),
            orDash(message.getTags()), orDash(message.getKeys()), String.valueOf(message.getQueueId()), String.valueOf(message.getQueueOffset()),
            message.getMsgId(), String.valueOf(message.getReconsumeTimes()), String.valueOf(message.getStoreSize()), message.getTopic(),
            String.valueOf(message.getBornTimestamp()), String.valueOf(message.getStoreTimestamp()), message.getBornHostString(),
            message.getBrokerName()));
        new TreeMap<>(message.getProperties()).forEach((name, value) -> {
            if (!ADDED_BY_THE_CLIENT.contains(name)) {
                columns.add(name + "=" + value);
            }
        });
        System.out.println(String.join("\t", columns));
        System.out.flush();
    }

    private static String orDash(String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
