// RocketMQ's Go client as a participant of the benchmarks; see bench/README.md.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/apache/rocketmq-client-go/v2/rlog"
)

type options struct {
	namesrv      string
	topic        string
	group        string
	messages     int
	warmup       int
	bytes        int
	threads      int
	batchBytes   int
	inFlight     int
	intervalUs   int
	busyUs       int
	compressOver int
}

func parse(words []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("go", flag.ContinueOnError)
	flags.StringVar(&o.namesrv, "namesrv", "", "host:port of a name server")
	flags.StringVar(&o.topic, "topic", "", "the topic")
	flags.StringVar(&o.group, "group", "", "the producer's or the consumer's group")
	flags.IntVar(&o.messages, "messages", 0, "messages of the measured span")
	flags.IntVar(&o.warmup, "warmup", 0, "messages before it")
	flags.IntVar(&o.bytes, "bytes", 100, "of a body")
	flags.IntVar(&o.threads, "threads", 0, "goroutines that send, or call the listener; 0: 1, or the client's default")
	flags.IntVar(&o.batchBytes, "batch-bytes", 1_000_000, "of a batch")
	flags.IntVar(&o.inFlight, "in-flight", 1000, "unanswered sends")
	flags.IntVar(&o.intervalUs, "interval-us", 1000, "between two sends")
	flags.IntVar(&o.busyUs, "busy-us", 0, "the listener spins so long per message")
	flags.IntVar(&o.compressOver, "compress-over", 4096, "longer bodies are compressed")
	if err := flags.Parse(words); err != nil {
		return o, err
	}
	if o.namesrv == "" || o.topic == "" || o.group == "" {
		return o, fmt.Errorf("--namesrv, --topic and --group are needed")
	}
	return o, nil
}

func main() {
	works := map[string]func(options) error{
		"send-batch": sendBatches, "send-one": sendSingles, "send-async": sendPipelined, "send-paced": sendPaced,
		"consume": consumeBacklog, "end-to-end": endToEnd,
	}
	if len(os.Args) < 2 || works[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: bench_go send-batch|send-one|send-async|send-paced|consume|end-to-end --namesrv A --topic T ...")
		os.Exit(2)
	}
	chosen, err := parse(os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(2)
	}
	rlog.SetLogLevel("error")
	if err := works[os.Args[1]](chosen); err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(1)
	}
}
