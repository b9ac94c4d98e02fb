"""One process that fuzzes one entrance with atheris, until its time is over or an input ends it.

Run by `fuzz.campaign` as `python -m fuzz.target NAME FOLDER` and options of libFuzzer. Findings go into the folder
`findings`, each kind once, its smallest input; the inputs that reached something new into `corpus`.
"""

import os
import resource
import sys
from pathlib import Path
from random import Random
from typing import Any, Final

import atheris

from fuzz.verdict import MOST_BYTES, Finding, judge

SHARE_OF_BYTES: Final = 0.2
"""How often bytes are changed without regard to structure. Our choice."""

INSTRUMENTED: Final = ("calcinet", "pydicom", "nibabel", "zipfile")
"""Packages whose branches count as something new."""


def main() -> None:
    """Fuzz the entrance that is named."""
    name, folder, *options = sys.argv[1:]
    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        from fuzz.entrances import find_entrance

        entrance = find_entrance(name)
        inputs = prepare_corpus(entrance, Path(folder))
        for data in inputs:
            judge(lambda data=data: entrance.read(data))  # type: ignore[misc]  # imports what is imported late
    limit_memory()
    atheris.Setup(
        [sys.argv[0], *options, str(Path(folder, "corpus"))],
        lambda data: try_input(entrance, data, Path(folder, "findings")),
        custom_mutator=lambda data, most, seed: mutate(entrance, data, most, seed),
        custom_crossover=lambda data, other, most, seed: splice(entrance, data, other, most, seed),
    )
    atheris.Fuzz()


def prepare_corpus(entrance: Any, folder: Path) -> list[bytes]:
    """The first inputs and those that are kept, written to where libFuzzer reads them."""
    from fuzz.corpus import load_corpus, name_input

    inputs = [*entrance.make_seeds(), *load_corpus(entrance)]
    for part in ("corpus", "findings"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / "corpus" / name_input(data)).write_bytes(data)
    return inputs


def limit_memory() -> None:
    """Let what is asked for beyond the bound fail as it would on a small machine."""
    used = int(Path("/proc/self/statm").read_text().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (used + MOST_BYTES, hard))


def try_input(entrance: Any, data: bytes, findings: Path) -> None:
    """Read an input, and keep it where it is a finding."""
    finding = judge(lambda: entrance.read(data))
    if finding is not None:
        keep(finding, data, findings)


def keep(finding: Finding, data: bytes, findings: Path) -> None:
    """Write the smallest input of a finding, and what it is."""
    path = findings / finding.key
    if not path.exists() or path.stat().st_size > len(data):
        path.write_bytes(data)
        path.with_name(f"{finding.key}.txt").write_text(f"{finding.kind} {finding.place}\n")


def mutate(entrance: Any, data: bytes, most: int, seed: int) -> bytes:
    """Other bytes in place of an input: most of the time of the same structure."""
    random = Random(seed)
    changed = data
    if random.random() > SHARE_OF_BYTES:
        changed = entrance.mutate(data, random)
    if changed == data or len(changed) > most:
        changed = bytes(atheris.Mutate(data, most))
    return changed


def splice(entrance: Any, data: bytes, other: bytes, most: int, seed: int) -> bytes:
    """An input with a part of another."""
    random = Random(seed)
    if entrance.splice is not None:
        spliced = entrance.splice(data, other, random)
    else:
        spliced = data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]
    return bytes(spliced[:most])


if __name__ == "__main__":
    main()
