"""Generated films laid on one another: the same leg in another position, and what must be refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from benchmarks.agreement import bootstrap, clopper_pearson
from benchmarks.tables import Cell, Table, progress
from calcinet.arrays import Floats, Pixels
from calcinet.errors import NotMeasurable
from calcinet.geometry.registration import register
from calcinet.phantoms.radiograph.limb import LimbSpec, limb, random_spec

FIRST_LEG: Final = 8000
FIRST_FOOT: Final = 8100
POINTS: Final = 40
"""Of each leg, at which the residual is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A film and how its leg lies on it."""

    spec: LimbSpec
    plane: Pixels
    inside: Floats
    """Points (N, 2) of the leg, rows and columns."""


def registration_table(legs: int) -> Table:
    """Residual of films of one leg, and how often other films are refused."""
    residuals: list[float] = []
    refused: dict[str, list[bool]] = {}
    before: Placed | None = None
    for number in range(legs):
        progress(f"leg {number + 1} of {legs} laid on itself, on another, mirrored, on a foot")
        first, later = _draw_pair(number)
        residuals.append(_measure_residual(first, later))
        for name, plane in _draw_others(number, later, before).items():
            refused.setdefault(name, []).append(_is_refused(first, later.spec.pixel_mm, plane))
        before = later
    kept = np.array([residual for residual in residuals if np.isfinite(residual)])
    rows: list[tuple[Cell, ...]] = [
        ("the same leg: laid on", clopper_pearson(len(kept), len(residuals))),
        ("the same leg: median residual, mm", bootstrap(lambda chosen: float(np.median(kept[chosen])), len(kept))),
        ("the same leg: worst of the median residuals, mm", float(kept.max())),
    ]
    rows += [(f"{name}: refused", clopper_pearson(sum(hits), len(hits))) for name, hits in refused.items()]
    note = "Turned by 4 degrees and moved by 4 to 5 mm (standard deviations), another dose and processing."
    return Table("Follow-up: films laid on one another", ("", "found"), tuple(rows), note)


def _draw_pair(number: int) -> tuple[Placed, Placed]:
    chance = np.random.default_rng([number, 77])
    spec = random_spec(FIRST_LEG + number, net=number % 2 == 0, vessels=True, anatomy="lower leg")
    spec = replace(spec, confounders=(), border="none", margin_mm=(0.0, 0.0), letter="", field_mm=(160.0, 120.0))
    moved = replace(
        spec,
        angle_deg=spec.angle_deg + float(chance.normal(0, 4)),
        shift_mm=(spec.shift_mm[0] + float(chance.normal(0, 5)), spec.shift_mm[1] + float(chance.normal(0, 4))),
        processing=float(np.clip(spec.processing + chance.normal(0, 0.2), 0, 1.2)),
        photons=spec.photons * float(np.exp(chance.normal(0, 0.3))),
    )
    return _place(spec), _place(moved)


def _place(spec: LimbSpec) -> Placed:
    phantom = limb(spec)
    inside = np.argwhere(phantom.truth.depth_mm > 1)
    chosen = np.random.default_rng(spec.seed).choice(len(inside), POINTS)
    return Placed(spec, phantom.image.plane, inside[chosen].astype(np.float64))


def _draw_others(number: int, later: Placed, before: Placed | None) -> Mapping[str, Pixels]:
    """Films that show something else."""
    foot = replace(random_spec(FIRST_FOOT + number, anatomy="foot"), pixel_mm=later.spec.pixel_mm)
    others = {"the leg mirrored": np.ascontiguousarray(later.plane[:, ::-1]), "a foot": limb(foot).image.plane}
    if before is not None:
        others["another leg"] = before.plane
    return others


def _is_refused(first: Placed, pixel_mm: float, plane: Pixels) -> bool:
    size = first.spec.pixel_mm
    try:
        register(first.plane, plane, (size, size), (pixel_mm, pixel_mm))
    except NotMeasurable:
        return True
    return False


def _measure_residual(first: Placed, later: Placed) -> float:
    """Median distance in mm of points from where they truly are; NaN where the films were refused."""
    one, other = first.spec.pixel_mm, later.spec.pixel_mm
    try:
        laid = register(first.plane, later.plane, (one, one), (other, other))
    except NotMeasurable:
        return float("nan")
    truth = true_place(first.spec, later.spec, first.inside * one)
    return float(np.median(np.linalg.norm(laid.follow(first.inside) * other - truth, axis=1)))


def true_place(first: LimbSpec, later: LimbSpec, points_mm: Floats) -> Floats:
    """Where points of one film, (N, 2) rows and columns in mm, truly lie on another of the same limb."""
    return _turn(later)(_turn_back(first)(points_mm))


def _make_turn(spec: LimbSpec) -> tuple[Floats, Floats]:
    angle = np.radians(spec.angle_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return turn, 0.5 * np.asarray(spec.field_mm) + spec.shift_mm


def _turn(spec: LimbSpec) -> Callable[[Floats], Floats]:
    """From mm of the limb to mm of the film, as phantoms are drawn."""
    turn, middle = _make_turn(spec)
    return lambda points: points @ turn + middle


def _turn_back(spec: LimbSpec) -> Callable[[Floats], Floats]:
    turn, middle = _make_turn(spec)
    return lambda points: (points - middle) @ turn.T
