"""Accuracy, false marks on real films and speed, in one run."""

import argparse
import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from benchmarks.accuracy import accuracy_tables
from benchmarks.contrast_detail import levels, visibility_tables, write_ratio
from benchmarks.ct_speed import ct_speed_tables
from benchmarks.implants import implant_tables
from benchmarks.known_calibres import known_calibre_tables
from benchmarks.mammogram import ACCEPTANCE_SEEDS as MAMMOGRAM_SEEDS
from benchmarks.mammogram import mammogram_tables
from benchmarks.meshes import mesh_tables
from benchmarks.phantoms import ACCEPTANCE_SEEDS
from benchmarks.real import real_tables
from benchmarks.speed import speed_tables
from benchmarks.tables import Table, print_tables, write_tables
from calcinet import __version__, model

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def main() -> None:
    options = _options()
    parts: dict[str, Callable[[], list[Table]]] = {
        "accuracy": lambda: accuracy_tables(ACCEPTANCE_SEEDS[: options.phantoms]),
        "implants": lambda: implant_tables(options.data),
        "real": lambda: real_tables(options.data),
        "mammogram": lambda: mammogram_tables(options.data, MAMMOGRAM_SEEDS[: options.phantoms]),
        "calibre": lambda: known_calibre_tables(options.data),
        "mesh": mesh_tables,
        "visibility": lambda: _visibility(keep=options.keep_visibility),
        "speed": speed_tables,
        "ct-speed": ct_speed_tables,
    }
    tables = []
    for name, measured in parts.items():
        if options.only in (None, name):
            tables += measured()
    print_tables(tables)
    write_tables(options.out, tables, _made_with())
    print(f"Written: {options.out / 'bench.md'}, {options.out / 'bench.json'}")


def _visibility(*, keep: bool) -> list[Table]:
    found = levels()
    if keep:
        write_ratio(found, model.WEIGHTS / f"{model.NAME}.visibility.json")
    return visibility_tables(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        choices=("accuracy", "implants", "real", "mammogram", "calibre", "mesh", "visibility", "speed", "ct-speed"),
        help="one part alone",
    )
    parser.add_argument("--phantoms", type=int, default=len(ACCEPTANCE_SEEDS), help="use the first N phantoms")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real films")
    parser.add_argument("--keep-visibility", action="store_true", help="keep the detector's threshold with its weights")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="folder to write into")
    return parser.parse_args()


def _made_with() -> dict[str, str]:
    return {
        "calcinet": __version__,
        "weights": (model.sha256() or "none")[:12],
        "Python": platform.python_version(),
        "scikit-image": version("scikit-image"),
        "SimpleITK": version("SimpleITK"),
        "processors": str(os.cpu_count()),
    }


if __name__ == "__main__":
    main()
