"""The inputs that are kept of every entrance: a few that together reach most lines, as one zip each."""

import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any, Final

from fuzz.entrances import Entrance
from fuzz.verdict import OURS, judge

FOLDER: Final = Path(__file__).with_name("corpus")

MOST_INPUTS: Final = 40
"""Kept of one entrance. Our choice: all of them are read again within seconds."""

MOST_BYTES: Final = 24 * 1024
"""Of one input. Our choice: larger ones reach nothing more."""

NAME_LENGTH: Final = 12
"""Digits of its hash that an input is called by."""

Lines = frozenset[tuple[str, int]]
"""Files and the numbers of their lines."""


def load_corpus(entrance: Entrance) -> list[bytes]:
    """The inputs that are kept of an entrance; none where there is no zip yet."""
    path = FOLDER / f"{entrance.name}.zip"
    if not path.is_file():
        return []
    with zipfile.ZipFile(path) as archive:
        return [archive.read(member) for member in archive.infolist()]


def save_corpus(entrance: Entrance, inputs: Sequence[bytes]) -> Path:
    """Write the inputs of an entrance, the same bytes for the same inputs."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        for data in sorted(inputs, key=name_input):
            archive.writestr(zipfile.ZipInfo(name_input(data)), data, zipfile.ZIP_LZMA)
    path = FOLDER / f"{entrance.name}.zip"
    path.write_bytes(stream.getvalue())
    return path


def name_input(data: bytes) -> str:
    """What an input is called."""
    return sha256(data).hexdigest()[:NAME_LENGTH]


def choose_inputs(entrance: Entrance, inputs: Sequence[bytes]) -> list[bytes]:
    """The inputs that together reach the most lines of the package, each by turns the one that adds the most.

    Inputs that are findings are not among them.
    """
    reached: dict[bytes, Lines] = {}
    for data in inputs:
        lines = trace_lines(entrance, data)
        if lines is not None and len(data) <= MOST_BYTES:
            reached[data] = lines
    chosen: list[bytes] = []
    known: set[tuple[str, int]] = set()
    while reached and len(chosen) < MOST_INPUTS:
        best = max(reached, key=lambda data: (len(reached[data] - known), -len(data)))
        if not reached[best] - known:
            break
        known |= reached.pop(best)
        chosen.append(best)
    return chosen


def trace_lines(entrance: Entrance, data: bytes) -> Lines | None:
    """Lines of the package that an input reaches; None of a finding.

    It is read twice: what is imported late runs lines that are of no input.
    """
    if judge(lambda: entrance.read(data)) is not None:
        return None
    with _trace() as lines:
        judge(lambda: entrance.read(data))
    return frozenset(lines)


@contextmanager
def _trace() -> Iterator[set[tuple[str, int]]]:
    """Collect the lines of the package that are run."""
    lines: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        del argument
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        if event == "line":
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(before)
