"""Server-sent events, parsed as they arrive, however the bytes are cut."""

from __future__ import annotations


class EventStream:
    """Gives the data of each event (WHATWG HTML, section 9.2.6), as bytes.

    Lines are found before anything is decoded: no byte of a longer UTF-8
    sequence is a line end, so a cut inside a character does no harm. Comments,
    `event:`, `id:` and `retry:` are passed over.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []  # of a line not yet whole
        self._data: list[bytes] = []  # of an event not yet whole
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take the next bytes, give the events that they complete."""
        if self._after_cr and chunk[:1] == b"\n":
            chunk = chunk[1:]
            self._after_cr = False
        if b"\n" not in chunk and b"\r" not in chunk:
            if chunk:
                self._pieces.append(chunk)
                self._after_cr = False
            return []
        self._after_cr = chunk.endswith(b"\r")
        lines = b"".join((*self._pieces, chunk)).splitlines(keepends=True)
        self._pieces = [lines.pop()] if not lines[-1].endswith((b"\n", b"\r")) else []
        return [event for line in lines if (event := self._take(line.rstrip(b"\r\n"))) is not None]

    def end(self) -> list[bytes]:
        """Give the event that the stream ended in, if it lacks but its last line end: some providers do."""
        return self.feed(b"\n\n")

    def _take(self, line: bytes) -> bytes | None:
        if self._at_start:
            line = line.removeprefix(b"\xef\xbb\xbf")
            self._at_start = False
        if not line:
            data, self._data = self._data, []
            return b"\n".join(data) if data else None
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value[1:] if value[:1] == b" " else value)
        return None
