package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	rocketmq "github.com/apache/rocketmq-client-go/v2"
	"github.com/apache/rocketmq-client-go/v2/primitive"
	"github.com/apache/rocketmq-client-go/v2/producer"
)

// What a message of a batch has besides its body: the fixed fields and its properties.
const overheadBytes = 80

func startProducer(o options) (rocketmq.Producer, error) {
	p, err := rocketmq.NewProducer(
		producer.WithNameServer([]string{o.namesrv}),
		producer.WithGroupName(o.group),
		producer.WithRetry(2),
		producer.WithSendMsgTimeout(10*time.Second),
		producer.WithCompressMsgBodyOverHowmuch(o.compressOver),
	)
	if err != nil {
		return nil, err
	}
	return p, p.Start()
}

func requireStored(result *primitive.SendResult, err error) error {
	if err == nil && result.Status != primitive.SendOK {
		err = fmt.Errorf("a send ended with status %d", result.Status)
	}
	return err
}

// Bodies are made before the measured span; messages within it, as a user makes them of data.
func shares(count, threads, bytes int) [][][]byte {
	all := make([][][]byte, threads)
	for t := range all {
		all[t] = make([][]byte, count/threads)
		for i := range all[t] {
			all[t][i] = makeBody(int64(t*len(all[t])+i), bytes)
		}
	}
	return all
}

type work func(share [][]byte) ([]time.Duration, error)

func runShares(do work, all [][][]byte) ([]time.Duration, error) {
	var group sync.WaitGroup
	latencies := make([][]time.Duration, len(all))
	errs := make([]error, len(all))
	for t := range all {
		group.Add(1)
		go func(t int) {
			defer group.Done()
			latencies[t], errs[t] = do(all[t])
		}(t)
	}
	group.Wait()
	var together []time.Duration
	for t, err := range errs {
		if err != nil {
			return nil, err
		}
		together = append(together, latencies[t]...)
	}
	return together, nil
}

func measure(o options, p rocketmq.Producer, do work) error {
	threads := o.threads
	if threads == 0 {
		threads = 1
	}
	if _, err := runShares(do, shares(o.warmup, threads, o.bytes)); err != nil {
		return err
	}
	all := shares(o.messages, threads, o.bytes)
	var m measurement
	var err error
	m.begin()
	m.latencies, err = runShares(do, all)
	m.end()
	if err != nil {
		return err
	}
	if err := m.print(o.messages / threads * threads); err != nil {
		return err
	}
	return p.Shutdown()
}

func sendBatches(o options) error {
	p, err := startProducer(o)
	if err != nil {
		return err
	}
	inBatch := o.batchBytes / (o.bytes + overheadBytes)
	if inBatch < 1 {
		inBatch = 1
	}
	return measure(o, p, func(share [][]byte) ([]time.Duration, error) {
		for len(share) > 0 {
			count := inBatch
			if count > len(share) {
				count = len(share)
			}
			chunk := share[:count]
			share = share[count:]
			messages := make([]*primitive.Message, len(chunk))
			for i, body := range chunk {
				messages[i] = primitive.NewMessage(o.topic, body)
			}
			if err := sendWhenNotBusy(p, messages); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// The client gives up on a batch that a busy broker refused; a user has to send it again.
func sendWhenNotBusy(p rocketmq.Producer, messages []*primitive.Message) error {
	for {
		err := requireStored(p.SendSync(context.Background(), messages...))
		if err == nil || !strings.Contains(err.Error(), "broker busy") {
			return err
		}
	}
}

func sendSingles(o options) error {
	p, err := startProducer(o)
	if err != nil {
		return err
	}
	return measure(o, p, func(share [][]byte) ([]time.Duration, error) {
		latencies := make([]time.Duration, len(share))
		for i, body := range share {
			began := time.Now()
			if err := requireStored(p.SendSync(context.Background(), primitive.NewMessage(o.topic, body))); err != nil {
				return nil, err
			}
			latencies[i] = time.Since(began)
		}
		return latencies, nil
	})
}

func sendPipelined(o options) error {
	p, err := startProducer(o)
	if err != nil {
		return err
	}
	free := make(chan struct{}, o.inFlight)
	var failure error
	var once sync.Once
	return measure(o, p, func(share [][]byte) ([]time.Duration, error) {
		var group sync.WaitGroup
		for _, body := range share {
			free <- struct{}{}
			group.Add(1)
			err := p.SendAsync(context.Background(), func(_ context.Context, result *primitive.SendResult, err error) {
				if err := requireStored(result, err); err != nil {
					once.Do(func() { failure = err })
				}
				<-free
				group.Done()
			}, primitive.NewMessage(o.topic, body))
			if err != nil {
				return nil, err
			}
		}
		group.Wait()
		return nil, failure
	})
}

func sendPaced(o options) error {
	p, err := startProducer(o)
	if err != nil {
		return err
	}
	send := func(i int) (time.Duration, error) {
		message := primitive.NewMessage(o.topic, makeBody(int64(i), o.bytes))
		began := time.Now()
		err := requireStored(p.SendSync(context.Background(), message))
		return time.Since(began), err
	}
	for i := 0; i < o.warmup; i++ {
		if _, err := send(i); err != nil {
			return err
		}
	}
	var m measurement
	m.latencies = make([]time.Duration, o.messages)
	m.begin()
	due := time.Now()
	for i := 0; i < o.messages; i++ {
		time.Sleep(time.Until(due))
		if m.latencies[i], err = send(i); err != nil {
			return err
		}
		due = later(due.Add(time.Duration(o.intervalUs)*time.Microsecond), time.Now())
	}
	m.end()
	if err := m.print(o.messages); err != nil {
		return err
	}
	return p.Shutdown()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
