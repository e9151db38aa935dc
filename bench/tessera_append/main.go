// Command tessera_append adds entries to a new Tessera POSIX log and says, as JSON, how long that took.
//
// An entry counts when its future has resolved: Tessera has then written the entry bundle, the tiles and the tree state
// with O_SYNC and synced their folders. That is the durability which bench/append.py asks of every competitor.
package main

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"flag"
	"log"
	"os"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

type result struct {
	Entries     int     `json:"entries"`
	WallSeconds float64 `json:"wall_seconds"`
	CPUSeconds  float64 `json:"cpu_seconds"`
	P50Ms       float64 `json:"p50_ms"`
	P99Ms       float64 `json:"p99_ms"`
}

func main() {
	dir := flag.String("dir", "", "folder of the log, new")
	file := flag.String("entries", "", "file of entries, each behind its length in four bytes, big-endian")
	workers := flag.Int("workers", 512, "goroutines that add and wait")
	age := flag.Duration("max-age", tessera.DefaultBatchMaxAge, "an entry waits no longer than this for its batch")
	size := flag.Uint("max-size", tessera.DefaultBatchMaxSize, "entries in a batch")
	checkpoint := flag.Duration("checkpoint", tessera.DefaultCheckpointInterval, "time between checkpoints")
	rate := flag.Float64("rate", 0, "entries offered a second; 0: as fast as the workers go")
	check := flag.Bool("check-and-sign", false, "verify one Ed25519 signature and make one before each entry is added")
	flag.Parse()

	entries, err := read(*file)
	if err != nil {
		log.Fatal(err)
	}
	secret, _, err := note.GenerateKey(nil, "bench.example/log")
	if err != nil {
		log.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	driver, err := posix.New(ctx, posix.Config{Path: *dir})
	if err != nil {
		log.Fatal(err)
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(*size, *age).
		WithCheckpointInterval(*checkpoint)
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		log.Fatal(err)
	}

	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	signatures := make([][]byte, len(entries))
	if *check {
		for i, entry := range entries {
			signatures[i] = ed25519.Sign(private, entry)
		}
	}
	waits := make([]float64, len(entries))
	add := func(i int) {
		begun := time.Now()
		if *check {
			if !ed25519.Verify(public, entries[i], signatures[i]) {
				log.Fatal("a signature made here does not verify")
			}
			ed25519.Sign(private, entries[i])
		}
		if _, err := appender.Add(ctx, tessera.NewEntry(entries[i]))(); err != nil {
			log.Fatal(err)
		}
		waits[i] = float64(time.Since(begun).Microseconds()) / 1000
	}
	cpu, begun := cpuSeconds(), time.Now()
	if *rate > 0 {
		steadily(len(entries), *rate, add)
	} else {
		side(len(entries), *workers, add)
	}
	wall, used := time.Since(begun).Seconds(), cpuSeconds()-cpu
	if err := shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	sort.Float64s(waits)
	out := result{len(entries), wall, used, at(waits, 0.50), at(waits, 0.99)}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		log.Fatal(err)
	}
}

// side lets the workers add one after the other, side by side.
func side(count, workers int, add func(int)) {
	var next atomic.Int64
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			for i := int(next.Add(1) - 1); i < count; i = int(next.Add(1) - 1) {
				add(i)
			}
		})
	}
	done.Wait()
}

// steadily offers one after the other at a rate, whether or not those before are durable.
func steadily(count int, rate float64, add func(int)) {
	var done sync.WaitGroup
	begun := time.Now()
	for i := range count {
		time.Sleep(time.Until(begun.Add(time.Duration(float64(i) / rate * float64(time.Second)))))
		done.Go(func() { add(i) })
	}
	done.Wait()
}

func read(path string) ([][]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		end := 4 + binary.BigEndian.Uint32(data)
		entries = append(entries, data[4:end])
		data = data[end:]
	}
	return entries, nil
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func at(sorted []float64, share float64) float64 {
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
