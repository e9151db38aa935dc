"""Every bound of the JSON API, each with its reason."""

# --- what we read -----------------------------------------------------------------------------------------------------

# Address and header lines of one request: a signed one has some 800 bytes, browsers send up to 4 KiB.
HEAD_BYTES_MAX = 32 * 1024
# From the first byte of a request, or from connecting, to the end of its header lines.
HEAD_SECONDS_MAX = 10

# A body that drips in slower than this holds a connection for nothing. 16 MiB at 5 Mbit/s take 27 s.
BODY_SECONDS_MAX = 30

# Statements in one request of many: some 50 ms of checking, written in four batches.
STATEMENTS_AT_ONCE_MAX = 1_000
STATEMENTS_BYTES_MAX = 16 * 1024 * 1024
# How many of them are with the writer at one time: one of its batches.
STATEMENTS_UNDER_WAY = 256

# A card has some 1 KiB with names in several languages.
CARD_BYTES_MAX = 64 * 1024

# A ciphertext of the largest size and the officers' pieces in base64, and the statement that names them.
SEALING_BYTES_MAX = 2_359_296

# A text of 16,000 characters, 500 places with names, and whom it is for.
ITEM_CHECK_BYTES_MAX = 512 * 1024

# What asks for nothing.
EMPTY_BODY_BYTES_MAX = 1_024

# --- who is logged in -------------------------------------------------------------------------------------------------

# Long enough to walk from the terminal to the screen, too short to be found in a shell's history tomorrow.
CODE_LIFETIME_MS = 10 * 60_000
# One shift; nobody logs in again in the middle of a night's work, and no screen stays open till the next one.
SESSION_LIFETIME_MS = 12 * 3_600_000
# Without a request by a person for this long a session is locked: long enough to read a movement's page, too short for
# whoever comes by when its officer has been called away.
SESSION_IDLE_MS = 15 * 60_000
# Who knew and evidence packs ask for somebody who has shown passkey or key no longer ago than this.
SESSION_FRESH_MS = 5 * 60_000
# From asking for a challenge to the touch of a passkey: browsers give people one minute.
CHALLENGE_LIFETIME_MS = 2 * 60_000
# What a browser says of a passkey: some 1 KiB, with a large attestation 10 KiB.
CREDENTIAL_BYTES_MAX = 32 * 1024
# A reason of 2,000 characters, each of which a form may write as nine bytes.
FORM_BYTES_MAX = 24 * 1024
# The oldest are forgotten first. A duty room has ten screens.
CODES_MAX = 100
SESSIONS_MAX = 1_000

# --- who listens ------------------------------------------------------------------------------------------------------

# Open event streams. Each holds a connection and some kilobytes.
STREAMS_MAX = 200
# A busy log changes hundreds of times a second; people read twice a second at best.
EVENT_EVERY_SECONDS = 0.5
# Working out what changed takes no more than this part of the time.
EVENT_SHARE_MAX = 0.05
# Proxies close what is silent for 30 to 60 s.
KEEP_ALIVE_SECONDS = 15.0

# --- what we keep open ------------------------------------------------------------------------------------------------

# Connections and requests at one time, over which new ones get 503. Each holds at most one body.
CONNECTIONS_MAX = 1_000
# How long an open connection may wait for its next request; longer than a peer's client keeps one (60 s) would let
# peers run into connections that close just as they ask.
IDLE_SECONDS_MAX = 65
# What is under way when the node stops may finish; event streams do not end by themselves.
STOP_SECONDS_MAX = 3
