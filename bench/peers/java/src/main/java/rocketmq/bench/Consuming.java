package rocketmq.bench;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/** The works that consume, with a push consumer. */
final class Consuming {
    private static final int PATIENCE_S = 120;
    /** A pull brings no more than this by a broker's default, so neither can a call of the listener. */
    private static final int MESSAGES_A_CALL = 32;
    private static final int DEFAULT_THREADS = 20;
    /** Ten times the default, so that flow control does not pause the pulls of a backlog. */
    private static final int CACHED_A_QUEUE = 10_000;

    private final Options options;

    Consuming(Options options) {
        this.options = options;
    }

    void backlog() throws Exception {
        long messages = options.number("messages", 0);
        long warmup = Math.max(options.number("warmup", 0), 1);
        long busy = options.number("busy-us", 0) * 1000L;
        Ticks ticks = switch (options.text("into", "nothing")) {
            case "nothing" -> null;
            case "typed" -> new Ticks((int) messages);
            default -> throw new Options.UsageException("--into is typed, or left out");
        };
        AtomicLong handled = new AtomicLong();
        AtomicLong atBegin = new AtomicLong();
        AtomicLong atEnd = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        Measurement measurement = new Measurement();
        DefaultMQPushConsumer consumer = start((batch, context) -> {
            for (int i = 0; busy > 0 && i < batch.size(); i++) {
                spin(busy);
            }
            if (ticks != null) {
                ticks.add(batch);
            }
            long now = handled.addAndGet(batch.size());
            long before = now - batch.size();
            if (before < warmup && now >= warmup) {
                atBegin.set(now);
                measurement.begin();
            } else if (before < messages && now >= messages) {
                measurement.end();
                atEnd.set(now);
                done.countDown();
            }
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        await(done, handled);
        consumer.shutdown();
        if (ticks != null) {
            ticks.check();
        }
        measurement.print(atEnd.get() - atBegin.get());
    }

    void endToEnd() throws Exception {
        int messages = options.number("messages", 0);
        int warmup = options.number("warmup", 0);
        Bodies bodies = new Bodies(options);
        long interval = options.number("interval-us", 1000) * 1000L;
        String topic = options.text("topic");
        long[] latencies = new long[warmup + messages];
        AtomicInteger arrived = new AtomicInteger();
        CountDownLatch warm = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        long origin = System.nanoTime();
        DefaultMQPushConsumer consumer = start((batch, context) -> {
            long now = System.nanoTime() - origin;
            for (MessageExt message : batch) {
                int index = arrived.getAndIncrement();
                if (index >= latencies.length) {
                    continue;  // delivered twice
                }
                latencies[index] = now - Bodies.numberOf(message.getBody());
                if (index + 1 == warmup) {
                    warm.countDown();
                } else if (index + 1 == latencies.length) {
                    done.countDown();
                }
            }
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        DefaultMQProducer producer = Sending.start(options);
        Measurement measurement = new Measurement();
        long due = System.nanoTime();
        for (int i = 0; i < latencies.length; i++) {
            if (i == warmup) {
                // The first messages also wait for the consumer to find its queues.
                await(warm, new AtomicLong(arrived.get()));
                measurement.begin();
                due = System.nanoTime();
            }
            Sending.sleepUntil(due);
            Sending.requireStored(producer.send(new Message(topic, bodies.make(System.nanoTime() - origin))));
            due = Math.max(due + interval, System.nanoTime());
        }
        await(done, new AtomicLong(arrived.get()));
        measurement.end();
        measurement.setLatencies(Arrays.copyOfRange(latencies, warmup, latencies.length));
        measurement.print(messages);
        producer.shutdown();
        consumer.shutdown();
    }

    private DefaultMQPushConsumer start(MessageListenerConcurrently listener) throws Exception {
        int threads = options.number("threads", DEFAULT_THREADS);
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(options.text("group"));
        consumer.setNamesrvAddr(options.text("namesrv"));
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setConsumeThreadMin(threads);
        consumer.setConsumeThreadMax(threads);
        consumer.setConsumeMessageBatchMaxSize(MESSAGES_A_CALL);
        consumer.setPullBatchSize(MESSAGES_A_CALL);
        consumer.setPullThresholdForQueue(CACHED_A_QUEUE);
        consumer.setConsumeConcurrentlyMaxSpan(CACHED_A_QUEUE);
        consumer.subscribe(options.text("topic"), "*");
        consumer.registerMessageListener(listener);
        consumer.start();
        return consumer;
    }

    private static void await(CountDownLatch latch, AtomicLong count) throws InterruptedException {
        if (!latch.await(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new IllegalStateException("only " + count.get() + " messages arrived in time");
        }
    }

    private static void spin(long nanoseconds) {
        long until = System.nanoTime() + nanoseconds;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }
}
