"""Files of an archive in slices, each the task of one process; a file that kills its process is found and set aside."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calcinet.cohort.engine import Died, run_all
from calcinet.cohort.parquet import read_table
from calcinet.cohort.sources import Entry

if TYPE_CHECKING:
    import pyarrow as pa
    from distributed import Client

SLICE_FILES: Final = 2000
"""Files that one task scans. Our choice: under a second, of which the telling of the task is a hundredth."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Files that one task scans."""

    number: int
    files: Sequence[Entry]
    place: int | None = None
    """Of one file in its slice, where the slice is scanned file by file."""

    def part(self) -> "Iterator[Slice]":
        """Each file by itself."""
        for place, entry in enumerate(self.files):
            yield Slice(self.number, (entry,), place)


Scan = Callable[[Slice], "pa.Table"]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is done with every slice, and what its parts are called."""

    kind: str
    scan: Scan
    set_aside: Scan
    """What the table says of a file that twice killed the process which had it alone."""


@dataclass(slots=True)
class _Parted:
    """A slice that is scanned file by file."""

    files: int
    tables: "dict[int, pa.Table]" = field(default_factory=dict)
    died: set[int] = field(default_factory=set)


def scan_all(
    client: "Client", sweep: Sweep, slices: Iterator[Slice], tell_wait: Callable[[float], None]
) -> "Iterator[tuple[int, int, pa.Table]]":
    """Scan every slice: its number, how many files it has, and its table.

    A slice whose process died is scanned file by file; a file whose process then dies twice is set aside.

    Raises
    ------
    MachineFault
        As `run_all`.
    """
    import pyarrow as pa

    again = deque[Slice]()
    parted = dict[int, _Parted]()

    def take() -> Slice | None:
        return again.popleft() if again else next(slices, None)

    for slice_, table in run_all(client, sweep.scan, take, tell_wait=tell_wait):
        if slice_.place is None:
            if not isinstance(table, Died):
                yield slice_.number, len(slice_.files), table
                continue
            parted[slice_.number] = _Parted(len(slice_.files))
            again.extend(slice_.part())
            continue
        whole = parted[slice_.number]
        if isinstance(table, Died):
            if slice_.place not in whole.died:
                whole.died.add(slice_.place)
                again.append(slice_)
                continue
            table = sweep.set_aside(slice_)
        whole.tables[slice_.place] = table
        if len(whole.tables) == whole.files:
            yield slice_.number, whole.files, pa.concat_tables([whole.tables[place] for place in range(whole.files)])


def count_files(slices: Sequence[Slice]) -> int:
    """Files of all slices."""
    return sum(len(slice_.files) for slice_ in slices)


def name_part(number: int, kind: str) -> str:
    """Name of the file of a slice.

    >>> name_part(3, "index")
    'index-00000003.parquet'
    """
    return f"{kind}-{number:08d}.parquet"


def find_parts(folder: Path, kind: str) -> list[Path]:
    """The files of all slices of a kind that are there, in their order."""
    return sorted(folder.glob(f"{kind}-*.parquet"))


def load_slices(lists: Sequence[Path], done: set[str], kind: str) -> Iterator[Slice]:
    """The slices of a list whose part of this kind is not there yet."""
    for number, part in enumerate(lists):
        if name_part(number, kind) not in done:
            yield Slice(number, load_entries(part))


def load_entries(part: Path) -> list[Entry]:
    """Files of a slice of the list."""
    entries = []
    for line in read_table(part).to_pylist():
        entries.append(Entry(line["path"], line["member"], line["bytes"], line["code"], line["reason"]))
    return entries
