"""Figures beside the goals that they are held to, and the log of every run on films that measure alone."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.agreement import Estimate
from benchmarks.tables import Table, shown
from calcinet import weights_manifest

LOG: Final = Path(__file__).resolve().parents[1] / "docs" / "measuring-runs.csv"
"""Films that judge are looked at seldom: who looks leaves a line."""

LOG_COLUMNS: Final = ("date", "weights", "part", "figure", "value")

DIGEST: Final = 12
"""First characters of the digest of the weights, as `calcinet info` names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A limit; a figure that meets it exactly holds it."""

    limit: float
    at_least: bool

    @property
    def text(self) -> str:
        """As it is printed.

        >>> Goal(limit=0.15, at_least=False).text
        '<= 0.15'
        """
        if self.at_least:
            return f">= {self.limit:g}"
        return f"<= {self.limit:g}"

    def is_held(self, value: float) -> bool:
        """Whether a figure reaches the goal; what is not a number does not."""
        if math.isnan(value):
            return False
        if self.at_least:
            return value >= self.limit
        return value <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number that was measured."""

    name: str
    reached: Estimate
    """With the number of patients."""
    of: int
    """Films, or arteries, or stones, that it was counted on."""
    goal: Goal | None = None

    @property
    def verdict(self) -> str:
        """Whether the goal is held, in a word; empty where there is none."""
        if self.goal is None:
            return ""
        if self.goal.is_held(self.reached.value):
            return "held"
        return "not held"


def at_least(limit: float) -> Goal:
    """The goal of a figure that should be high."""
    return Goal(limit=limit, at_least=True)


def at_most(limit: float) -> Goal:
    """The goal of a figure that should be low."""
    return Goal(limit=limit, at_least=False)


def figure_table(title: str, figures: Sequence[Figure], note: str) -> Table:
    """Every figure in a row, its goal beside it."""
    rows = []
    for figure in figures:
        goal = "" if figure.goal is None else figure.goal.text
        rows.append((figure.name, figure.reached, figure.of, figure.reached.count, goal, figure.verdict))
    return Table(title, ("figure", "reached", "of", "patients", "goal", ""), tuple(rows), note)


def log_figures(part: str, figures: Sequence[Figure], path: Path = LOG) -> None:
    """Append a line a figure to the log of runs, which begins with the names of its columns."""
    is_new = not path.is_file()
    weights = (weights_manifest.sha256() or "none")[:DIGEST]
    with path.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        if is_new:
            writer.writerow(LOG_COLUMNS)
        for figure in figures:
            name = f"{figure.name}; of {figure.of}"
            writer.writerow((date.today().isoformat(), weights, part, name, shown(figure.reached)))
