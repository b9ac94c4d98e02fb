"""Which files of an archive are the same film once more: by their content, where header and size leave it open."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calcinet.cohort.columns import Column, make_schema
from calcinet.cohort.database import open_database, quote_parts
from calcinet.cohort.slices import Slice
from calcinet.cohort.sources import GONE, Entry, reopen_source
from calcinet.errors import MachineFault, Unreadable

if TYPE_CHECKING:
    import pyarrow as pa

SLICE_COPIES: Final = 100
"""Files that one task reads whole. Our choice: a second or two."""

DIGESTS: Final = (
    Column(name="path", type="text", meaning="place in the archive"),
    Column(name="member", type="text", meaning="name inside a zip"),
    Column(name="digest", type="text", meaning="SHA-256 of the content"),
)
"""Of files that may be copies."""

SUSPECTS: Final = """
SELECT path, member, bytes FROM (
    SELECT path, member, bytes,
        count(*) OVER (PARTITION BY coalesce(instance, modality), bytes) AS alike
    FROM read_parquet({parts}) WHERE code IS NULL AND (instance IS NOT NULL OR modality = 'picture')
) WHERE alike > 1 ORDER BY path, member
"""
"""Files of one SOP Instance UID and one size, and pictures of one size. Where a place does not tell sizes, those of one
UID are."""


def find_suspects(parts: Sequence[Path]) -> Iterator[Slice]:
    """Files that may be copies of one another, in slices."""
    with open_database() as database:
        found = database.execute(SUSPECTS.format(parts=quote_parts(parts))).fetchall()
    for number, first in enumerate(range(0, len(found), SLICE_COPIES)):
        yield Slice(number, [Entry(*line) for line in found[first : first + SLICE_COPIES]])


def digest_slice(address: str, slice_: Slice) -> "pa.Table":
    """Digests of the files of a slice, in a process of its own; one that cannot be read has no line.

    Raises
    ------
    MachineFault
        If the archive does not answer any more.
    """
    import pyarrow as pa

    source = reopen_source(address)
    lines = []
    for entry in slice_.files:
        try:
            content = source.load(entry.path, entry.member, None)
        except Unreadable as error:
            if not source.is_there():
                raise MachineFault(GONE) from error
            continue
        digest = hashlib.sha256(content).hexdigest()
        lines.append({"path": entry.path, "member": entry.member, "digest": digest})
    return pa.Table.from_pylist(lines, schema=make_schema(DIGESTS))


def digest_nothing(_slice: Slice) -> "pa.Table":
    """Of a file whose process died: it is no copy."""
    import pyarrow as pa

    return pa.Table.from_pylist([], schema=make_schema(DIGESTS))
