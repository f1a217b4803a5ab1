package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	rocketmq "github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/consumer"
	"github.com/apache/rocketmq-client-go/v2/primitive"
)

const (
	patience = 120 * time.Second
	// A pull brings no more than this by a broker's default, so neither can a call of the listener.
	messagesACall  = 32
	defaultThreads = 20
	// Ten times the default, so that flow control does not pause the pulls of a backlog.
	cachedAQueue = 10_000
)

type listener func(context.Context, ...*primitive.MessageExt) (consumer.ConsumeResult, error)

func startConsumer(o options, on listener) (rocketmq.PushConsumer, error) {
	threads := o.threads
	if threads == 0 {
		threads = defaultThreads
	}
	c, err := rocketmq.NewPushConsumer(
		consumer.WithNameServer([]string{o.namesrv}),
		consumer.WithGroupName(o.group),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
		consumer.WithConsumeGoroutineNums(threads),
		consumer.WithConsumeMessageBatchMaxSize(messagesACall),
		consumer.WithPullBatchSize(messagesACall),
		consumer.WithPullThresholdForQueue(cachedAQueue),
		consumer.WithConsumeConcurrentlyMaxSpan(cachedAQueue),
	)
	if err != nil {
		return nil, err
	}
	if err := c.Subscribe(o.topic, consumer.MessageSelector{}, on); err != nil {
		return nil, err
	}
	return c, c.Start()
}

func spin(d time.Duration) {
	for until := time.Now().Add(d); time.Now().Before(until); {
	}
}

func wait(done <-chan struct{}, count *atomic.Int64) error {
	select {
	case <-done:
		return nil
	case <-time.After(patience):
		return fmt.Errorf("only %d messages arrived in time", count.Load())
	}
}

func consumeBacklog(o options) error {
	var handled, atBegin, atEnd atomic.Int64
	warmup, all := int64(o.warmup), int64(o.messages)
	if warmup < 1 {
		warmup = 1
	}
	done := make(chan struct{})
	var m measurement
	c, err := startConsumer(o, func(_ context.Context, batch ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		for i := 0; o.busyUs > 0 && i < len(batch); i++ {
			spin(time.Duration(o.busyUs) * time.Microsecond)
		}
		now := handled.Add(int64(len(batch)))
		before := now - int64(len(batch))
		if before < warmup && now >= warmup {
			atBegin.Store(now)
			m.begin()
		} else if before < all && now >= all {
			m.end()
			atEnd.Store(now)
			close(done)
		}
		return consumer.ConsumeSuccess, nil
	})
	if err != nil {
		return err
	}
	if err := wait(done, &handled); err != nil {
		return err
	}
	if err := m.print(int(atEnd.Load() - atBegin.Load())); err != nil {
		return err
	}
	return c.Shutdown()
}

func endToEnd(o options) error {
	origin := time.Now()
	latencies := make([]time.Duration, o.warmup+o.messages)
	var arrived atomic.Int64
	warm, done := make(chan struct{}), make(chan struct{})
	c, err := startConsumer(o, func(_ context.Context, batch ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		now := time.Since(origin)
		for _, message := range batch {
			index := int(arrived.Add(1)) - 1
			if index >= len(latencies) {
				continue // delivered twice
			}
			latencies[index] = now - time.Duration(numberOf(message.Body))
			if index+1 == o.warmup {
				close(warm)
			} else if index+1 == len(latencies) {
				close(done)
			}
		}
		return consumer.ConsumeSuccess, nil
	})
	if err != nil {
		return err
	}
	p, err := startProducer(o)
	if err != nil {
		return err
	}
	var m measurement
	due := time.Now()
	for i := range latencies {
		if i == o.warmup {
			// The first messages also wait for the consumer to find its queues.
			if err := wait(warm, &arrived); err != nil {
				return err
			}
			m.begin()
			due = time.Now()
		}
		time.Sleep(time.Until(due))
		message := primitive.NewMessage(o.topic, makeBody(time.Since(origin).Nanoseconds(), o.bytes))
		if err := requireStored(p.SendSync(context.Background(), message)); err != nil {
			return err
		}
		due = later(due.Add(time.Duration(o.intervalUs)*time.Microsecond), time.Now())
	}
	if err := wait(done, &arrived); err != nil {
		return err
	}
	m.end()
	m.latencies = latencies[o.warmup:]
	if err := m.print(o.messages); err != nil {
		return err
	}
	if err := p.Shutdown(); err != nil {
		return err
	}
	return c.Shutdown()
}
