"""Every bound of the running system, each with its reason. Negotiated numbers are in the agreement instead."""

# Statements in one durable write. Deciding one costs some 50 µs, so a full batch keeps the loop busy for about 15 ms.
BATCH_MAX = 256

# Offers waiting for the writer. Above it we say "busy" at once rather than answer minutes later.
QUEUE_MAX = 10_000

# A draft is signed and offered within this time, so that its `at` is the time it entered the log to within two minutes.
OFFER_AGE_MAX_MS = 120_000

# How far another clock may run ahead of ours. A statement further in the future is refused here, and a mirror does not
# take it in before its time: this bounds how far one liar can push the record's clock.
CLOCK_SKEW_MAX_MS = 120_000

# A peer may lie about its size: one visit must not make us hold more than this many entries in memory (each at most
# 64 KiB, typically 2 KiB).
SYNC_ENTRIES_MAX = 1_024

# Leaf hashes of a log that we hold while we catch up: 32 bytes each, so 128 MiB.
SYNC_TREE_MAX = 4_194_304

# From this many entries on, signatures are verified in worker processes: below, starting them costs more than it saves.
VERIFY_INLINE_MAX = 64

# A node asks each peer again after this time even if nobody poked it: pokes may be lost, and one side's link may only
# work outwards.
POLL_MS = 5_000

# A busy log has a new checkpoint for every batch, hundreds a second, and anybody may poke. A visit costs both sides
# some milliseconds, so there are at most 20 a second; whoever is poked after a pause goes at once.
VISIT_PAUSE_MS = 50

# A peer that was not there is not asked again before this time, however often we have news.
RETRY_MS = 1_000

# At most one receipt statement a second and peer: receipts are for the record, the cosignature is immediate.
RECEIPT_EVERY_MS = 1_000

# How often the schedule looks for something due: a tenth of the shortest interval that it keeps.
SCHEDULE_TICK_MS = 100

# How often a node looks for shares to check or release: a role is due its compartment to the second.
CUSTODY_EVERY_MS = 1_000
# In one round, so that what else a node does by itself gets in between; some 0.5 ms each.
CUSTODY_AT_ONCE_MAX = 500
# Between two pauses, so that the event loop never computes for long: a share that is due takes some 0.2 ms to find,
# open and seal again, and as long to say. Each chunk is one durable write.
CUSTODY_CHUNK = 32
# What could not be done for want of a peer (its ciphertext, its clock, its key) is tried again after this time.
CUSTODY_RETRY_MS = 2_000
# A movement is sealed at most this long before its window: its content must outlive it in every node's keys.
SEALING_KEYS_AHEAD_MS = 100 * 86_400_000
# How often a node looks for marks to check, to open, or whose review is overdue; what they hide needs no look.
MARKS_EVERY_MS = 1_000
# A node opens a mark so long after its end, so that a clock that is ten minutes fast discloses nothing before it.
MARK_OPENS_AFTER_MS = 15 * 60_000
# Movements whose window opened longer ago are not looked at for releases when a node starts.
CUSTODY_BACK_MS = 14 * 86_400_000

# Of what was sealed, how much is looked at for forgetting before something else gets its turn: some 0.3 ms each.
FORGET_AT_ONCE = 16

# How long a starting node waits for each peer to tell what it has seen of our log, before it signs.
COMPARE_AT_START_MS = 3_000

# Content-addressed blobs: an agreement in three languages with 100 clauses is about 300 KiB.
BLOB_BYTES_MAX = 4 * 1024 * 1024

# Items that a list is made from; each takes some 20 µs to look at.
ITEMS_MAX = 5_000

# A movement's page, a list on the board, a page of log entries.
PAGE_MAX = 500
STATES_CACHED_MAX = 20_000

# Dockets (the obligations of one subject) kept ready; one takes some 40 KiB with 60 clauses. Others are made again from
# the subject's statements, a few milliseconds for a movement.
DOCKETS_CACHED_MAX = 4_000

# A node states what it makes of the record at most this often, and only when somebody has said something since.
FINDINGS_EVERY_MS = 60_000
# Statements of findings are about subjects of which something was said in so many days: enough for every movement, its
# grievances and its review; a monthly duty of a quiet subject is stated when its next word comes.
FINDINGS_DAYS = 40
# Between two pauses, so that the event loop never computes for long: a subject takes some 0.1 ms from its docket.
FINDINGS_CHUNK = 50

# The latest movements that left, of which an observer is taken to know: 600 bytes each, and 11 µs when a node starts.
DEPARTURES_MAX = 50_000
DEPARTURES_PAGE = 2_000

# A reason stays good for looking again: long enough to read, to print and to look once more.
REASON_GOOD_MS = 15 * 60_000
# What a statement's text holds.
REASON_CHARS_MAX = 2_000

# How often a node looks for unusual openings, and how many entries of a log at once: some milliseconds.
OPENINGS_EVERY_MS = 1_000
OPENINGS_AT_ONCE_MAX = 4_096
# Openings that are older are not looked at when a node starts: a case that began before was raised before. More than
# the longest span that an agreement may count in.
OPENINGS_BACK_MS = 14 * 86_400_000

# Passkeys of one actor at this node: a phone, a desk's own, a security key and its spare, twice over.
PASSKEYS_MAX = 8

# Facts of one inquiry. Each takes some 20 ms where 500 actors could have known it, and nothing else is done meanwhile.
FACTS_MAX = 20

# Orders with copies that are looked through for leaks: some 2 KiB each, and leaks are asked about seldom.
LEAKS_PAGE = 1_000
LEAKS_SUBJECTS_MAX = 64_000
# Leaked texts of one trace, each of at most 100,000 characters of up to four bytes, in base64.
TRACE_BYTES_MAX = 8 * 1024 * 1024
