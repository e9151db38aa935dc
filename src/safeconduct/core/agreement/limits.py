"""Bounds on an agreement's text, each with its reason: a peer or a stranger may have written it."""

# The template, in three languages, has some 60 KiB. The largest agreement we can imagine (500 clauses) would need a
# few hundred; the reader takes about a second for what this bound allows.
FOLDER_BYTES_MAX = 1_048_576

# One for the agreement, one a party for its card, and the clauses grouped as the parties like.
FILES_MAX = 600

# Clause, rule, field: the types nest five deep. More is somebody trying.
NESTING_MAX = 12

# A folder that is wrong in more ways than this is not read to its end by anybody.
PROBLEMS_MAX = 200
