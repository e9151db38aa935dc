// Logcheck checks a log that safeconduct wrote, with other people's code only: Tessera's fsck, the note and tlog
// packages of the Go project, and the cosignatures of transparency-dev/formats. It says one line and exits with 0 if
// everything holds, 1 if anything does not.
//
//	logcheck -dir DIR -log VKEY [-cosigner VKEY]... [-proof FILE -entry FILE] [-request FILE]
//	logcheck -dir DIR -log VKEY -cosign SKEY    also writes a cosignature line made by the Go code
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/transparency-dev/formats/log"
	cosig "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"k8s.io/klog/v2"
)

const tileHeight = 8

func main() {
	var cosigners []string
	dir := flag.String("dir", "", "log in the tlog-tiles layout")
	logKey := flag.String("log", "", "vkey of the log")
	proofFile := flag.String("proof", "", "a .tlog-proof to check")
	entryFile := flag.String("entry", "", "the entry that it is for")
	requestFile := flag.String("request", "", "an add-checkpoint request to check; its old size must be at least 1")
	cosignKey := flag.String("cosign", "", "private key of a note signer: write its cosignature of the checkpoint")
	flag.Func("cosigner", "vkey of a cosigner that must have signed (may be repeated)", func(vkey string) error {
		cosigners = append(cosigners, vkey)
		return nil
	})
	flag.Parse()
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)

	said, err := check(*dir, *logKey, cosigners, *proofFile, *entryFile, *requestFile, *cosignKey)
	if err != nil {
		fmt.Printf("fail: %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
	fmt.Println(said)
}

func check(dir, logKey string, cosigners []string, proofFile, entryFile, requestFile, cosignKey string) (said string, err error) {
	// A bundle with too few entries makes fsck panic; to us that is one more way of saying no.
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("fsck panicked: %v", cause)
		}
	}()
	logVerifier, err := note.NewVerifier(logKey)
	if err != nil {
		return "", fmt.Errorf("log key: %w", err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, layout.CheckpointPath))
	if err != nil {
		return "", err
	}
	checkpoint, err := openCheckpoint(raw, logVerifier, cosigners)
	if err != nil {
		return "", err
	}
	source := client.FileFetcher{Root: dir}
	checker := fsck.New(logVerifier.Name(), logVerifier, source, leafHashes, fsck.Opts{N: 2})
	if err := checker.Check(context.Background()); err != nil {
		return "", fmt.Errorf("fsck: %w", err)
	}
	said = fmt.Sprintf("ok: size %d, cosigners %d", checkpoint.Size, len(cosigners))
	if proofFile != "" {
		index, err := checkProof(proofFile, entryFile, logVerifier, cosigners)
		if err != nil {
			return "", fmt.Errorf("proof: %w", err)
		}
		said += fmt.Sprintf(", entry %d", index)
	}
	if requestFile != "" {
		old, err := checkRequest(requestFile, dir, logVerifier, checkpoint)
		if err != nil {
			return "", fmt.Errorf("request: %w", err)
		}
		said += fmt.Sprintf(", grown from %d", old)
	}
	if cosignKey != "" {
		line, err := cosign(raw, logVerifier, cosignKey)
		if err != nil {
			return "", fmt.Errorf("cosign: %w", err)
		}
		said += "\n" + line
	}
	return said, nil
}

// openCheckpoint verifies the log's signature and one by every cosigner.
func openCheckpoint(raw []byte, logVerifier note.Verifier, cosigners []string) (*log.Checkpoint, error) {
	var others []note.Verifier
	for _, vkey := range cosigners {
		verifier, err := cosig.NewVerifierForCosignatureV1(vkey)
		if err != nil {
			return nil, fmt.Errorf("cosigner key: %w", err)
		}
		others = append(others, verifier)
	}
	checkpoint, rest, opened, err := log.ParseCheckpoint(raw, logVerifier.Name(), logVerifier, others...)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("checkpoint: has extension lines: %q", rest)
	}
	for _, verifier := range others {
		if !signedBy(opened, verifier) {
			return nil, fmt.Errorf("checkpoint: no valid cosignature by %s", verifier.Name())
		}
	}
	return checkpoint, nil
}

func signedBy(opened *note.Note, verifier note.Verifier) bool {
	for _, signature := range opened.Sigs {
		if signature.Name == verifier.Name() && signature.Hash == verifier.KeyHash() {
			return true
		}
	}
	return false
}

func leafHashes(bundle []byte) ([][]byte, error) {
	entries := &api.EntryBundle{}
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var hashes [][]byte
	for _, entry := range entries.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}

// checkProof reads a .tlog-proof by hand, as c2sp.org/tlog-proof says, and verifies it with golang.org/x/mod.
func checkProof(proofFile, entryFile string, logVerifier note.Verifier, cosigners []string) (int64, error) {
	head, rawCheckpoint, err := splitFile(proofFile)
	if err != nil {
		return 0, err
	}
	if len(head) < 2 || head[0] != "c2sp.org/tlog-proof@v1" {
		return 0, errors.New("no header")
	}
	head = head[1:]
	if strings.HasPrefix(head[0], "extra ") {
		head = head[1:]
	}
	indexText, found := strings.CutPrefix(head[0], "index ")
	if !found {
		return 0, errors.New("no index")
	}
	index, err := strconv.ParseInt(indexText, 10, 64)
	if err != nil {
		return 0, err
	}
	hashes, err := parseHashes(head[1:])
	if err != nil {
		return 0, err
	}
	checkpoint, err := openCheckpoint(rawCheckpoint, logVerifier, cosigners)
	if err != nil {
		return 0, err
	}
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return 0, err
	}
	root := tlog.Hash(checkpoint.Hash)
	return index, tlog.CheckRecord(hashes, int64(checkpoint.Size), root, index, tlog.RecordHash(entry))
}

// checkRequest reads the body of an add-checkpoint request, computes the old root from the tiles with golang.org/x/mod,
// and verifies the consistency proof against it.
func checkRequest(requestFile, dir string, logVerifier note.Verifier, served *log.Checkpoint) (int64, error) {
	head, rawCheckpoint, err := splitFile(requestFile)
	if err != nil {
		return 0, err
	}
	oldText, found := strings.CutPrefix(head[0], "old ")
	if !found {
		return 0, errors.New("no old size")
	}
	old, err := strconv.ParseInt(oldText, 10, 64)
	if err != nil {
		return 0, err
	}
	hashes, err := parseHashes(head[1:])
	if err != nil {
		return 0, err
	}
	checkpoint, err := openCheckpoint(rawCheckpoint, logVerifier, nil)
	if err != nil {
		return 0, err
	}
	if checkpoint.Size != served.Size || !bytes.Equal(checkpoint.Hash, served.Hash) {
		return 0, errors.New("the request is for another checkpoint than the log serves")
	}
	tree := tlog.Tree{N: int64(checkpoint.Size), Hash: tlog.Hash(checkpoint.Hash)}
	oldRoot, err := tlog.TreeHash(old, tlog.TileHashReader(tree, tileFiles(dir)))
	if err != nil {
		return 0, err
	}
	return old, tlog.CheckTree(hashes, tree.N, tree.Hash, old, oldRoot)
}

func splitFile(name string) (head []string, checkpoint []byte, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	above, below, found := bytes.Cut(data, []byte("\n\n"))
	if !found {
		return nil, nil, errors.New("no empty line")
	}
	return strings.Split(string(above), "\n"), below, nil
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		data, err := base64.StdEncoding.DecodeString(line)
		if err != nil {
			return nil, err
		}
		if len(data) != sha256.Size {
			return nil, fmt.Errorf("a hash of %d bytes", len(data))
		}
		hashes = append(hashes, tlog.Hash(data))
	}
	return hashes, nil
}

// tileFiles reads tiles from a folder for golang.org/x/mod, whose own paths are other ones.
type tileFiles string

func (dir tileFiles) Height() int { return tileHeight }

func (dir tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var contents [][]byte
	for _, tile := range tiles {
		width := uint8(tile.W % (1 << tileHeight)) // 0 is a full tile
		data, err := os.ReadFile(filepath.Join(string(dir), layout.TilePath(uint64(tile.L), uint64(tile.N), width)))
		if err != nil {
			return nil, err
		}
		contents = append(contents, data)
	}
	return contents, nil
}

func (dir tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

// cosign signs the checkpoint as a witness written in Go would, and returns the line of its answer.
func cosign(raw []byte, logVerifier note.Verifier, skey string) (string, error) {
	signer, err := cosig.NewSignerForCosignatureV1(skey)
	if err != nil {
		return "", err
	}
	opened, err := note.Open(raw, note.VerifierList(logVerifier))
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: opened.Text}, signer)
	if err != nil {
		return "", err
	}
	_, lines, _ := strings.Cut(string(signed), "\n\n")
	return strings.TrimSuffix(lines, "\n"), nil
}
