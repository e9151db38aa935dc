"""The demo's nodes as processes of their own, and the clock that they share. Only what was started here is ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from safeconduct.errors import Unavailable
from safeconduct.node.ports import Clock

ADDRESS = "127.0.0.1"
_PROGRAM = (sys.executable, "-m", "safeconduct")

# How long a node may take to come up: its key file alone takes a second, more on a busy machine.
_START_SECONDS_MAX = 60
_LOOK_EVERY_SECONDS = 0.05
# How long a node may take to finish what is under way when it is told to stop.
_STOP_SECONDS_MAX = 8
_LOG_LINES_SHOWN = 6


def require_free(port: int) -> None:
    """Raise Unavailable if something listens on the port already."""
    try:
        socket.create_server((ADDRESS, port)).close()
    except (OSError, OverflowError):
        raise Unavailable(
            f"port {port} on {ADDRESS} is not free: stop what uses it, or choose others with --port-base"
        ) from None


class SharedClock:
    """One time for both nodes and for everybody who speaks: this machine's, moved by the offset in a file."""

    def __init__(self, file: Path, machine: Clock) -> None:
        self.file = file
        self._machine = machine
        self._offset = 0
        self._writes = 0

    def now(self) -> int:
        """The day's time, ms."""
        return self._machine.now() + self._offset

    def jump(self, at: int) -> None:
        """Go on at this moment, at once; never back. Whole file or none, so that no reader sees half of it."""
        if self._writes and at <= self.now():
            return
        self._offset = at - self._machine.now()
        self._writes += 1
        written = self.file.with_suffix(".next")
        written.write_text(str(self._offset), encoding="utf-8")
        # Nodes look at the time of change, which some file systems keep to a few milliseconds only.
        moment = written.stat().st_mtime_ns + self._writes
        os.utime(written, ns=(moment, moment))
        written.replace(self.file)


class NodeProcess:
    """`safeconduct serve` for one party."""

    def __init__(self, party: str, folder: Path, port: int, *, clock_file: Path, passphrase_file: Path) -> None:
        self.party = party
        self.port = port
        self.folder = folder
        self.log = folder / "serve.log"
        self._words = [
            *("serve", "--dir", str(folder), "--port", str(port)),
            *("--replay-clock", str(clock_file), "--passphrase-file", str(passphrase_file)),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Id of the process; 0 while there is none."""
        return self._process.pid if self._process is not None else 0

    def start(self) -> None:
        """Start the process; `wait_ready` says when it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603, our own program with words of our own
                [*_PROGRAM, *self._words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_ready(self) -> None:
        """Return when the node accepts connections. Raises Unavailable when it ended, or does not in a minute."""
        for _ in range(round(_START_SECONDS_MAX / _LOOK_EVERY_SECONDS)):
            with suppress(OSError), socket.create_connection((ADDRESS, self.port), timeout=1) as made:
                # On loopback a connection to a port on which nobody listens may come out of that very port: the
                # system then connects it to itself.
                if made.getsockname() != made.getpeername():
                    return
            self._require_alive()
        last = self._last_lines()
        raise Unavailable(f"the node of {self.party} did not answer within {_START_SECONDS_MAX} s: {last}")

    def _require_alive(self) -> None:
        """Wait a moment; raise Unavailable if the process ends in it."""
        assert self._process is not None
        try:
            code = self._process.wait(_LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            return
        raise Unavailable(f"the node of {self.party} ended with code {code}: {self._last_lines()}")

    def _last_lines(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return " / ".join(lines[-_LOG_LINES_SHOWN:]) or "it said nothing"

    def kill(self) -> int:
        """End it without warning, as a power cut would. Returns the id of the process that was."""
        assert self._process is not None
        pid = self._process.pid
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None
        return pid

    def stop(self) -> None:
        """End it in good order, if it runs."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
