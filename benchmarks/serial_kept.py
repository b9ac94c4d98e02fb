"""Pairs of images made one after another and kept on disk, so that what was broken off goes on where it stopped.

    python -m benchmarks.serial_kept film 200 bench-out/pairs

writes bench-out/pairs/film.jsonl, a line a number; `python -m benchmarks --only follow --pairs-kept bench-out/pairs`
judges them.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from benchmarks.serial_pairs import PAIRS, Kind, MatchedLine, Pair
from benchmarks.tables import progress


def make_pairs(kind: Kind, count: int, folder: Path) -> None:
    """Make the pairs that are not there yet, each on disk before the next is begun."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}.jsonl"
    there = {entry["number"] for entry in _read(path)}
    with path.open("a", encoding="utf-8") as file:
        for number in range(count):
            if number in there:
                continue
            progress(f"{kind}: pair {number + 1} of {count}")
            pairs = [asdict(pair) for pair in PAIRS[kind](number)]
            file.write(json.dumps({"number": number, "pairs": pairs}) + "\n")
            file.flush()


def read_pairs(kind: Kind, folder: Path, count: int | None = None) -> list[Pair]:
    """The pairs that are there, of the first `count` numbers."""
    pairs = []
    for entry in sorted(_read(folder / f"{kind}.jsonl"), key=lambda entry: int(entry["number"])):
        if count is None or entry["number"] < count:
            pairs += [_rebuild(pair) for pair in entry["pairs"]]
    return pairs


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Whole lines; the last one of a run that was killed may be none."""
    if not path.is_file():
        return
    for line in path.read_text("utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _rebuild(pair: dict[str, Any]) -> Pair:
    lines = [MatchedLine(**line) for line in pair.pop("lines")]
    return Pair(**pair, lines=lines)


def main(words: Sequence[str]) -> None:
    kind = next((name for name in get_args(Kind) if name == words[0]), None)
    if kind is None or len(words) != 3:
        raise SystemExit(__doc__)
    make_pairs(kind, int(words[1]), Path(words[2]))


if __name__ == "__main__":
    main(sys.argv[1:])
