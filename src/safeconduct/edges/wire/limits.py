"""Every bound between nodes, each with its reason. A bound that a peer meets in honest use is an error of ours."""

# --- who may ask, how often -------------------------------------------------------------------------------------------

# How far the signer's clock may be from ours, either way: two badly kept clocks are some seconds apart, and a stolen
# request is worth nothing after it.
SIGNED_WITHIN_SECONDS = 60

# Requests that change something are remembered until their time has passed, so that none works twice. A peer that gives
# a receipt for every checkpoint of a busy log sends some 20 a second; this holds 80 a second for two minutes.
NONCES_PER_KEY_MAX = 10_000
NONCE_CHARACTERS_MAX = 64

# A mirror that catches up asks for one file after the other. A caller may have this many answers under way …
CONCURRENT_PER_CALLER_MAX = 16
# … and ask this often: a second of silence earns as many requests, up to the burst. A million entries are 8,000 files.
REQUESTS_PER_SECOND = 500
REQUESTS_BURST_MAX = 2_000
# Callers whose count we keep; the one not seen for longest is forgotten, and begins anew.
CALLERS_MAX = 1_000

# --- what we read -----------------------------------------------------------------------------------------------------

# A body that drips in slower than this holds a connection for nothing.
BODY_SECONDS_MAX = 30

# A full bundle holds 256 entries of at most 65,535 bytes, each with two bytes before it.
BUNDLE_BYTES_MAX = 256 * (65_535 + 2)

# Of a refusal's text, as much as an operator wants to read.
REASON_BYTES_MAX = 300

# --- how long we wait -------------------------------------------------------------------------------------------------

CONNECT_SECONDS_MAX = 5.0
# Between two pieces of an answer, also while the peer's disk is slow.
SILENCE_SECONDS_MAX = 10.0
# For a whole answer: a bundle of 16 MiB over a poor link of 2 Mbit/s takes 67 s; a typical one of 500 KiB takes 2 s.
ANSWER_SECONDS_MAX = 90.0

# Connections kept open to all peers together: each is asked one thing at a time, and told another beside it.
CONNECTIONS_MAX = 32
IDLE_CONNECTION_SECONDS = 60.0

# --- what others may keep ---------------------------------------------------------------------------------------------

# A checkpoint is news: nobody may show an old one for longer than a poll takes.
CHECKPOINT_CACHE = "public, max-age=2"
# What a log has said it says for ever.
FOR_EVER_CACHE = "public, max-age=31536000, immutable"
# The same for what only the parties may see: in the reader's own cache alone.
FOR_EVER_PRIVATE_CACHE = "private, max-age=31536000, immutable"
