"""`python -m safeconduct`: the command where it is not on the path."""

from safeconduct.main import main

main()
