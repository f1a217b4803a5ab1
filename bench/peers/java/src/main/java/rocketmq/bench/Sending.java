package rocketmq.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/** The works that send. Bodies are made before the measured span; messages within it, as a user makes them of data. */
final class Sending {
    /** What a message of a batch has besides its body: the fixed fields, UNIQ_KEY and WAIT. */
    private static final int OVERHEAD_BYTES = 80;

    private final Options options;
    private final String topic;
    private final int messages;
    private final int warmup;
    private final int bytes;
    private final Bodies bodies;
    private final int threads;
    private final DefaultMQProducer producer;

    Sending(Options options) {
        this.options = options;
        topic = options.text("topic");
        messages = options.number("messages", 0);
        warmup = options.number("warmup", 0);
        bodies = new Bodies(options);
        bytes = bodies.make(0).length;
        threads = options.number("threads", 1);
        producer = start(options);
    }

    static DefaultMQProducer start(Options options) {
        DefaultMQProducer producer = new DefaultMQProducer(options.text("group"));
        producer.setNamesrvAddr(options.text("namesrv"));
        producer.setMaxMessageSize(4 << 20);
        producer.setCompressMsgBodyOverHowmuch(options.number("compress-over", 4096));
        producer.setSendMsgTimeout(10_000);
        try {
            producer.start();
        } catch (Exception e) {
            throw new IllegalStateException("the producer does not start: " + e, e);
        }
        return producer;
    }

    void batches() throws Exception {
        int batchBytes = options.number("batch-bytes", 1_000_000);
        int inBatch = Math.max(1, batchBytes / (bytes + OVERHEAD_BYTES));
        measure(share -> {
            for (int first = 0; first < share.length; first += inBatch) {
                List<Message> batch = new ArrayList<>(inBatch);
                for (int i = first; i < Math.min(first + inBatch, share.length); i++) {
                    batch.add(new Message(topic, share[i]));
                }
                sendWhenNotBusy(batch);
            }
            return new long[0];
        });
    }

    void singles() throws Exception {
        measure(share -> {
            long[] latencies = new long[share.length];
            for (int i = 0; i < share.length; i++) {
                long began = System.nanoTime();
                requireStored(producer.send(new Message(topic, share[i])));
                latencies[i] = System.nanoTime() - began;
            }
            return latencies;
        });
    }

    void pipelined() throws Exception {
        Semaphore free = new Semaphore(options.number("in-flight", 1000));
        int all = free.availablePermits();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        SendCallback callback = new SendCallback() {
            @Override
            public void onSuccess(SendResult result) {
                free.release();
            }

            @Override
            public void onException(Throwable e) {
                failure.compareAndSet(null, e);
                free.release();
            }
        };
        measure(share -> {
            for (byte[] body : share) {
                free.acquire();
                producer.send(new Message(topic, body), callback);
            }
            free.acquire(all);
            free.release(all);
            if (failure.get() != null) {
                throw new IllegalStateException("a send failed: " + failure.get(), failure.get());
            }
            return new long[0];
        });
    }

    void paced() throws Exception {
        long interval = options.number("interval-us", 1000) * 1000L;
        for (int i = 0; i < warmup; i++) {
            requireStored(producer.send(new Message(topic, bodies.make(i))));
        }
        long[] latencies = new long[messages];
        Measurement measurement = new Measurement();
        measurement.begin();
        long due = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            sleepUntil(due);
            Message message = new Message(topic, bodies.make(i));
            long began = System.nanoTime();
            requireStored(producer.send(message));
            latencies[i] = System.nanoTime() - began;
            due = Math.max(due + interval, System.nanoTime());
        }
        measurement.end();
        measurement.setLatencies(latencies);
        measurement.print(messages);
        producer.shutdown();
    }

    static void sleepUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void requireStored(SendResult result) {
        if (result.getSendStatus() != SendStatus.SEND_OK) {
            throw new IllegalStateException("a send ended with " + result.getSendStatus());
        }
    }

    /** The client does not retry batches that a busy broker refused; a user has to. */
    private void sendWhenNotBusy(List<Message> batch) throws Exception {
        while (true) {
            try {
                requireStored(producer.send(batch));
                return;
            } catch (MQBrokerException e) {
                if (e.getResponseCode() != ResponseCode.SYSTEM_BUSY) {
                    throw e;
                }
            }
        }
    }

    private interface Work {
        /** Sends a thread's share; returns how long each call took, or nothing. */
        long[] send(byte[][] share) throws Exception;
    }

    private void measure(Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            run(pool, work, shares(warmup));
            byte[][][] shares = shares(messages);
            Measurement measurement = new Measurement();
            measurement.begin();
            List<long[]> latencies = run(pool, work, shares);
            measurement.end();
            long[] all = latencies.stream().flatMapToLong(java.util.Arrays::stream).toArray();
            if (all.length > 0) {
                measurement.setLatencies(all);
            }
            measurement.print((long) messages / threads * threads);
        } finally {
            pool.shutdown();
            producer.shutdown();
        }
    }

    private byte[][][] shares(int count) {
        byte[][][] shares = new byte[threads][count / threads][];
        for (int thread = 0; thread < threads; thread++) {
            for (int i = 0; i < shares[thread].length; i++) {
                shares[thread][i] = bodies.make((long) thread * shares[thread].length + i);
            }
        }
        return shares;
    }

    private List<long[]> run(ExecutorService pool, Work work, byte[][][] shares) throws Exception {
        List<Callable<long[]>> calls = new ArrayList<>();
        for (byte[][] share : shares) {
            calls.add(() -> work.send(share));
        }
        List<long[]> results = new ArrayList<>();
        for (Future<long[]> future : pool.invokeAll(calls)) {
            results.add(future.get());
        }
        return results;
    }
}
