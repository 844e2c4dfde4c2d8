"""How a JSON value is kept: in its row up to 16 KiB, as a blob by hash above.

A payload column holds `j` and the JSON, or `b` and the blob's hash, so no
value that a person chose can be taken for a reference. In an event's `data` a
reference is `{"$blob": hash, "size": characters}`, and the event's `refs` says
which members are ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

import orjson

from wireloom.engine.services import Json

INLINE = 16 * 1024
#: The column of a value that is null, or not there.
NOTHING = "jnull"


class PayloadLost(LookupError):
    """A blob that a row names is not there."""


def dump(value: Json) -> str:
    """Compact JSON; whatever a model wrote survives it, half surrogates and huge numbers too."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # As above, what is no number becomes null.
        return _compact(json.loads(_compact(value), parse_constant=lambda _: None))


def _compact(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"))


def load(text: str) -> Json:
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)


def plain(text: str) -> str:
    """`text` as every database takes it: what stands for no character is replaced."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Payloads:
    """Turns values into column texts, and collects the blobs that those need."""

    def __init__(self) -> None:
        #: Blobs to be written before the rows that name them, text by hash.
        self.blobs: dict[str, str] = {}

    def keep(self, value: Json) -> str:
        """The text for a payload column."""
        text = dump(value)
        return f"j{text}" if len(text) <= INLINE else f"b{self._blob(text)}"

    def keep_data(self, data: Mapping[str, Json]) -> tuple[str, str]:
        """The texts for an event's `data` and `refs`: members too long are referred to."""
        text = dump(data)
        if len(text) <= INLINE:
            return text, ""
        kept: dict[str, Json] = {}
        refs: list[str] = []
        for name, value in data.items():
            member = dump(value)
            if len(member) > INLINE // 4:
                refs.append(name)
                kept[name] = {"$blob": self._blob(member), "size": len(member)}
            else:
                kept[name] = value
        return dump(kept), ",".join(refs)

    def _blob(self, text: str) -> str:
        digest = hash_of(text)
        self.blobs[digest] = text
        return digest


def needed(columns: Iterable[str]) -> set[str]:
    """The hashes of the blobs that payload columns name."""
    return {column[1:] for column in columns if column.startswith("b")}


def restore(column: str, blobs: Mapping[str, str]) -> Json:
    """The value of a payload column, given the blobs it may name. Raises PayloadLost."""
    return load(column[1:] if column[0] == "j" else blob_text(column[1:], blobs))


def blob_text(digest: str, blobs: Mapping[str, str]) -> str:
    """Raises PayloadLost."""
    try:
        return blobs[digest]
    except KeyError:
        raise PayloadLost(f"There is no blob {digest}.") from None
