package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"syscall"
	"time"
)

// The measured span: announced on standard output when it begins, told there as the last line when it is over.
type measurement struct {
	began, ended       time.Time
	cpuBegan, cpuEnded float64
	latencies          []time.Duration
}

func (m *measurement) begin() {
	fmt.Println(`{"event": "begin"}`)
	m.cpuBegan = cpuSeconds()
	m.began = time.Now()
}

func (m *measurement) end() {
	m.ended = time.Now()
	m.cpuEnded = cpuSeconds()
}

func (m *measurement) print(messages int) error {
	peak, err := peakResidentKib()
	if err != nil {
		return err
	}
	result := map[string]any{
		"event": "result", "messages": messages, "seconds": m.ended.Sub(m.began).Seconds(),
		"cpu_seconds": m.cpuEnded - m.cpuBegan, "peak_rss_kib": peak,
	}
	if len(m.latencies) > 0 {
		sort.Slice(m.latencies, func(i, j int) bool { return m.latencies[i] < m.latencies[j] })
		result["p50_us"] = percentile(m.latencies, 50)
		result["p99_us"] = percentile(m.latencies, 99)
		result["max_us"] = percentile(m.latencies, 100)
	}
	line, err := json.Marshal(result)
	if err != nil {
		return err
	}
	fmt.Println(string(line))
	return nil
}

// The nearest-rank percentile, in microseconds.
func percentile(sorted []time.Duration, percent int) float64 {
	rank := (len(sorted)*percent + 99) / 100
	if rank < 1 {
		rank = 1
	}
	return float64(sorted[rank-1].Nanoseconds()) / 1e3
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func peakResidentKib() (int64, error) {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kib int64
		if strings.HasPrefix(lines.Text(), "VmHWM:") {
			if _, err := fmt.Sscanf(lines.Text(), "VmHWM: %d", &kib); err != nil {
				return 0, err
			}
			return kib, nil
		}
	}
	return 0, fmt.Errorf("/proc/self/status has no VmHWM")
}
