"""Accuracy, false marks on real films and speed, in one run."""

import argparse
import os
import platform
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.accuracy import accuracy_tables
from benchmarks.case_speed import case_speed_tables
from benchmarks.contrast_detail import levels, visibility_tables, write_ratio
from benchmarks.courses import SEEDS as COURSE_SEEDS
from benchmarks.courses import course_tables
from benchmarks.ct import ct_tables
from benchmarks.ct_intervals import interval_table
from benchmarks.ct_speed import ct_speed_tables
from benchmarks.ct_tilt import tilt_table
from benchmarks.end_to_end import end_to_end_tables
from benchmarks.follow import follow_tables
from benchmarks.implants import implant_tables
from benchmarks.known_calibres import known_calibre_tables
from benchmarks.limb_arteries import artery_tables
from benchmarks.limb_foci import focus_tables
from benchmarks.limb_implants import limb_implant_tables
from benchmarks.limb_silence import silence_tables
from benchmarks.mammogram import ACCEPTANCE_SEEDS as MAMMOGRAM_SEEDS
from benchmarks.mammogram import mammogram_tables
from benchmarks.meshes import mesh_tables
from benchmarks.phantoms import ACCEPTANCE_SEEDS
from benchmarks.photographs import photograph_tables
from benchmarks.real import real_tables
from benchmarks.scintigram import scintigram_tables
from benchmarks.speed import speed_tables
from benchmarks.store_speed import store_speed_tables
from benchmarks.tables import Table, print_tables, write_tables
from calcinet import __version__, weights_manifest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


Options = argparse.Namespace

PARTS: Final[Mapping[str, Callable[[Options], list[Table]]]] = {
    "accuracy": lambda options: accuracy_tables(ACCEPTANCE_SEEDS[: options.phantoms]),
    "implants": lambda options: implant_tables(options.data),
    "real": lambda options: real_tables(options.data),
    "arteries": lambda options: _arteries(options),
    "silence": lambda options: silence_tables(options.data, options.films),
    "limb-implants": lambda options: limb_implant_tables(options.data, options.films),
    "limb-other": lambda options: focus_tables(options.data, options.films),
    "courses": lambda options: course_tables(COURSE_SEEDS[: 2 * options.phantoms]),
    "calibre": lambda options: known_calibre_tables(options.data),
    "mesh": lambda _: mesh_tables(),
    "end-to-end": lambda options: end_to_end_tables(2 * options.phantoms, options.data),
    "visibility": lambda options: _visibility(keep=options.keep_visibility),
    "photographs": lambda options: photograph_tables(options.data, options.films),
    "mammogram": lambda options: mammogram_tables(options.data, MAMMOGRAM_SEEDS[: options.phantoms]),
    "scintigram": lambda options: scintigram_tables(options.data, options.scans),
    "follow": lambda options: follow_tables(options.pairs, options.pairs_kept or options.out / "pairs"),
    "ct": lambda options: [*ct_tables(options.data), interval_table(), tilt_table()],
    "speed": lambda _: speed_tables(),
    "ct-speed": lambda _: ct_speed_tables(),
    "case-speed": lambda _: case_speed_tables(),
    "store-speed": lambda _: store_speed_tables(),
}
"""By the name that asks for one alone."""


def main() -> None:
    options = _options()
    tables = []
    for name, measured in PARTS.items():
        if options.only in (None, name):
            tables += measured(options)
    print_tables(tables)
    write_tables(options.out, tables, _made_with())
    print(f"Written: {options.out / 'bench.md'}, {options.out / 'bench.json'}")


def _arteries(options: Options) -> list[Table]:
    keep = None
    if options.keep_recall:
        keep = weights_manifest.WEIGHTS / f"{weights_manifest.NAME}.recall.json"
    return artery_tables(options.data, options.films, keep)


def _visibility(*, keep: bool) -> list[Table]:
    found = levels()
    if keep:
        write_ratio(found, weights_manifest.WEIGHTS / f"{weights_manifest.NAME}.visibility.json")
    return visibility_tables(found)


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=tuple(PARTS), help="one part alone")
    parser.add_argument("--phantoms", type=int, default=len(ACCEPTANCE_SEEDS), help="use the first N phantoms")
    parser.add_argument("--scans", type=int, default=120, help="bone scans of each kind")
    parser.add_argument("--pairs", type=int, default=8, help="limbs that are filmed twice")
    parser.add_argument("--pairs-kept", type=Path, help="folder with the pairs of an earlier run, which go on")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real films")
    parser.add_argument("--films", type=int, help="use the first N limb films of each set, for a quick look")
    parser.add_argument("--keep-visibility", action="store_true", help="keep the detector's threshold with its weights")
    parser.add_argument("--keep-recall", action="store_true", help="keep the count of real arteries with the weights")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="folder to write into")
    return parser.parse_args()


def _made_with() -> dict[str, str]:
    return {
        "calcinet": __version__,
        "weights": (weights_manifest.sha256() or "none")[:12],
        "Python": platform.python_version(),
        "scikit-image": version("scikit-image"),
        "SimpleITK": version("SimpleITK"),
        "processors": str(os.cpu_count()),
    }


if __name__ == "__main__":
    main()
