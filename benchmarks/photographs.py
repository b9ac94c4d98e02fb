"""How many real films are taken for photographs, and how many simulated photographs of them are told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from benchmarks.films import held_out
from benchmarks.patients import calves, measured_limbs, open_limbs
from benchmarks.photographed import Shot, draw_shot, encode_jpeg, photograph
from benchmarks.tables import Cell, Table, progress
from calcinet.errors import Unreadable
from calcinet.io.radiograph.photograph_signs import check_photograph

STRENGTHS: Final = (1.0, 0.6, 0.3)
"""Of the signs: plain, less so, hardly any."""

SEED: Final = 7

LEAST_ROWS: Final = 600
"""Smaller films are not shown on a screen."""

SHOWN_EVERY: Final = 4
"""Films between two that are photographed."""


def photograph_tables(data: Path, films: int | None = None) -> list[Table]:
    """Both counts, by set and by strength; empty where no films are."""
    sets = {
        "open limbs, held out": [film.path for film in open_limbs(data)],
        "limbs, measured only": [film.path for film in measured_limbs(data)],
        "calves": [film.path for film in calves(data)],
        "other sources": [path for group in held_out(data) for path in group.paths if path.suffix != ".dcm"],
    }
    kept = {name: paths[:films] for name, paths in sets.items() if paths}
    if not kept:
        return []
    columns = ("set", "of", "refused", "cautioned", "told, share", "low", "high")
    note = (
        "Interval: Wilson, 95 %. The limits were chosen on photographs of other open limbs and chests, and so that no "
        "open film is refused: the first and the last set took part in that, the limbs measured only and the calves "
        "did not. Shots by chance, with a seed; the simulator is the one of that choice."
    )
    films_rows = [_count(name, [_judge(_read_grey(path)) for path in paths]) for name, paths in kept.items()]
    return [
        Table("Real films taken for photographs", columns, tuple(films_rows), note),
        Table("Simulated photographs of such films", columns, tuple(_photograph_all(kept)), note),
    ]


def _photograph_all(sets: dict[str, list[Path]]) -> list[tuple[Cell, ...]]:
    rng = np.random.default_rng(SEED)
    told: dict[str, list[str]] = {}
    for name, paths in sets.items():
        progress(f"photographs of {name}")
        for grey in (_read_grey(path) for path in paths[::SHOWN_EVERY]):
            if len(grey) < LEAST_ROWS:
                continue
            for strength in STRENGTHS:
                shot = draw_shot(rng, strength)
                told.setdefault(f"{shot.shown}, strength {strength:g}", []).append(_judge(_take(grey, shot)))
    return [_count(name, seen) for name, seen in sorted(told.items())]


def _take(grey: NDArray[np.uint8], shot: Shot) -> NDArray[np.uint8]:
    """The photograph after it was stored as JPEG."""
    data = np.frombuffer(encode_jpeg(photograph(grey, shot), shot.quality), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def _read_grey(path: Path) -> NDArray[np.uint8]:
    """The greys of a picture, from 0 to 255."""
    stored = np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), np.float32)
    plane = stored if stored.ndim == 2 else stored[..., :3].mean(axis=2)
    return np.asarray(np.rint((plane - plane.min()) * (255 / np.ptp(plane))), np.uint8)


def _judge(grey: NDArray[np.uint8]) -> str:
    try:
        return "cautioned" if check_photograph(grey.astype(np.float32)) else "film"
    except Unreadable:
        return "refused"


def _count(name: str, seen: Sequence[str]) -> tuple[Cell, ...]:
    told = len(seen) - seen.count("film")
    interval = binomtest(told, len(seen)).proportion_ci(method="wilson")
    share = told / len(seen)
    return (name, len(seen), seen.count("refused"), seen.count("cautioned"), share, interval.low, interval.high)
