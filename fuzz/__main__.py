"""`python -m fuzz`: fuzz one entrance or all, try a finding again, or choose the corpus anew."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fuzz.campaign import FOLDER, Outcome, fuzz_all, write_table
from fuzz.corpus import choose_inputs, load_corpus, save_corpus
from fuzz.entrances import ENTRANCES, Entrance, find_entrance
from fuzz.verdict import judge

NAMES: Final = tuple(entrance.name for entrance in ENTRANCES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; 1 where there are findings."""
    parser = make_parser()
    asked = parser.parse_args(arguments)
    for name in asked.names:
        if name not in NAMES:
            parser.error(f"no entrance is called {name}: {', '.join(NAMES)}")
    entrances = [find_entrance(name) for name in asked.names] or list(ENTRANCES)
    if asked.replay:
        return replay(entrances[0], asked.replay)
    if asked.choose:
        for entrance in entrances:
            choose(entrance)
        return 0
    outcomes = fuzz_all(entrances, asked.seconds, asked.jobs)
    print(write_table(outcomes))
    return tell_findings(outcomes)


def replay(entrance: Entrance, path: Path) -> int:
    """Read one input again, and show what is wrong with it."""
    finding = judge(lambda: entrance.read(path.read_bytes()))
    print(f"{finding.kind} {finding.place}" if finding else "no finding")
    return int(finding is not None)


def choose(entrance: Entrance) -> None:
    """Keep of what was found on the way, of the first inputs and of the corpus what reaches the most."""
    found = [path.read_bytes() for path in sorted((FOLDER / entrance.name / "corpus").glob("*"))]
    chosen = choose_inputs(entrance, [*load_corpus(entrance), *entrance.make_seeds(), *found])
    path = save_corpus(entrance, chosen)
    print(f"{entrance.name}: {len(chosen)} inputs in {path.stat().st_size / 1000:.0f} kB")


def tell_findings(outcomes: Sequence[Outcome]) -> int:
    """Say where findings are and how to try them again; 1 where there are any."""
    status = 0
    for outcome in outcomes:
        for path in outcome.findings:
            status = 1
            print(f"finding: python -m fuzz {outcome.name} --replay {path}")
    return status


def make_parser() -> argparse.ArgumentParser:
    """What can be asked."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all where none is named: {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=float, default=120, help="in all, shared among the entrances (120)")
    parser.add_argument("--jobs", type=int, default=1, help="entrances at a time (1)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read this input alone")
    parser.add_argument("--choose", action="store_true", help="choose the corpus anew")
    return parser


if __name__ == "__main__":
    sys.exit(main())
