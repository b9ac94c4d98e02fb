"""What else a mammogram shows: microcalcification, stones, clips, wires, letters, scratches."""

from dataclasses import dataclass

import cv2
import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.phantoms.calcium import Deposit
from calcinet.phantoms.exposure import blurred
from calcinet.phantoms.mammogram.spec import BreastSpec
from calcinet.phantoms.mammogram.tissue import METAL_PER_MM, Breast
from calcinet.phantoms.path_lengths import mean_chord, near_curve
from calcinet.phantoms.texture import wander
from calcinet.phantoms.truth import OTHER


@dataclass(frozen=True, slots=True, eq=False)
class Extras:
    """Maps of shape (Y, X)."""

    metal: Pixels
    """Attenuation."""

    film: Pixels
    """What scratches add to or take from the finished film, in its grey range."""

    other: Deposit
    """Calcium that is not arterial, in mm."""


def extras(spec: BreastSpec, breast: Breast, rng: np.random.Generator) -> Extras:
    """Everything that `spec` names besides tissue and arteries."""
    metal, film, thickness = (np.zeros(spec.shape, np.float32) for _ in range(3))
    for _ in range(spec.clusters):
        _cluster(spec.pixel_mm, _spot(breast, rng), thickness, rng)
    for _ in range(spec.grains):
        _stone(spec.pixel_mm, _spot(breast, rng), thickness, rng)
    drawn = {
        "letter": lambda: _letters(spec, breast, metal, rng),
        "clips": lambda: _clips(spec, breast, metal, rng),
        "wire": lambda: _wire(spec, breast, metal, rng),
        "scratches": lambda: _scratches(spec, film, rng),
        "skin beads": lambda: _skin_beads(spec, breast, thickness, rng),
        "plate edge": lambda: _plate_edge(spec, film, rng),
    }
    for name in spec.marks:
        drawn[name]()
    return Extras(metal, film, Deposit(thickness, thickness > 0.01, OTHER, 1.0, 75.0))


def grains_on(shape: tuple[int, int], pixel_mm: float, rng: np.random.Generator) -> Deposit:
    """A cluster or some stones on a square of a film of any breast, to be put into another."""
    thickness = np.zeros(shape, np.float32)
    side = min(shape)
    for _ in range(int(rng.integers(1, 4))):
        at = rng.uniform(0.2, 0.8, 2) * side
        if rng.random() < 0.6:
            _cluster(pixel_mm, at, thickness, rng)
        else:
            _stone(pixel_mm, at, thickness, rng)
    contrast = float(np.exp(rng.uniform(np.log(5), np.log(40))))
    return Deposit(thickness, thickness > 0.05 * float(thickness.max()), OTHER, contrast, 75.0)


def _spot(breast: Breast, rng: np.random.Generator, least_mm: float = 6.0) -> Floats:
    deep = breast.depth_mm[::4, ::4] > min(least_mm, 0.5 * float(breast.depth_mm.max()))
    spots = np.flatnonzero(deep)
    return np.array(divmod(int(spots[rng.integers(len(spots))]), deep.shape[1]), float) * 4


def _rod(onto: Pixels, ends: Floats, radius_px: float, per_px: float) -> None:
    near = near_curve(onto.shape, ends, np.full(len(ends), radius_px))
    value = mean_chord(near.across, np.full_like(near.across, radius_px)) * per_px
    onto[near.rows, near.columns] = np.maximum(onto[near.rows, near.columns], value.astype(np.float32))


def _cluster(mm: float, at: Floats, thickness: Pixels, rng: np.random.Generator) -> None:
    """Five to forty grains of 0.1 to 0.6 mm within a centimetre or two, at times in a row as in a duct."""
    spread = rng.uniform(2, 8) / mm
    angle, lengthy = rng.uniform(0, np.pi), rng.uniform(1, 3)
    for _ in range(int(rng.integers(5, 40))):
        along, aside = rng.normal(0, spread, 2) * (lengthy, 1 / lengthy)
        place = (
            at + along * np.array([np.sin(angle), np.cos(angle)]) + aside * np.array([np.cos(angle), -np.sin(angle)])
        )
        radius = rng.uniform(0.05, 0.3) / mm
        tip = place + rng.normal(0, 0.25 / mm, 2) * (rng.random() < 0.4)
        _rod(thickness, np.stack([place, tip + 1e-3]), radius, mm * rng.uniform(0.15, 0.6))


def _stone(mm: float, at: Floats, thickness: Pixels, rng: np.random.Generator) -> None:
    """A grain, a stone with a clear core, or a short rod of a duct."""
    kind = rng.random()
    if kind < 0.5:
        _rod(thickness, np.stack([at, at + 1e-3]), rng.uniform(0.1, 0.5) / mm, mm * rng.uniform(0.2, 0.5))
    elif kind < 0.75:
        radius = rng.uniform(0.6, 2.5) / mm
        near = near_curve(thickness.shape, np.stack([at, at + 1e-3]), np.full(2, radius))
        ring = mean_chord(near.across, np.full_like(near.across, radius))
        ring -= mean_chord(near.across, np.full_like(near.across, radius * rng.uniform(0.5, 0.8)))
        thickness[near.rows, near.columns] += (ring * mm * rng.uniform(0.15, 0.5)).astype(np.float32)
    else:
        angle, half = rng.uniform(0, np.pi), rng.uniform(0.7, 3.0) / mm
        ahead = half * np.array([np.sin(angle), np.cos(angle)])
        _rod(thickness, np.stack([at - ahead, at + ahead]), rng.uniform(0.15, 0.5) / mm, mm * rng.uniform(0.2, 0.5))


def _clips(spec: BreastSpec, breast: Breast, metal: Pixels, rng: np.random.Generator) -> None:
    """Surgical clips in pairs of bars, or one small coil or ring of a biopsy."""
    mm = spec.pixel_mm
    for _ in range(int(rng.integers(1, 6))):
        at, angle = _spot(breast, rng), rng.uniform(0, np.pi)
        ahead, aside = np.array([np.sin(angle), np.cos(angle)]), np.array([np.cos(angle), -np.sin(angle)])
        half = rng.uniform(1.2, 4.5) / mm
        for side in (-0.5, 0.5) if rng.random() < 0.6 else (0.0,):
            ends = np.stack([at - half * ahead, at + half * ahead]) + side / mm * aside
            _rod(metal, ends, 0.35 / mm, METAL_PER_MM * mm)


def _wire(spec: BreastSpec, breast: Breast, metal: Pixels, rng: np.random.Generator) -> None:
    """A localisation wire or a skin marker's thin wire."""
    mm, at = spec.pixel_mm, _spot(breast, rng)
    angle, n = rng.uniform(0, 2 * np.pi), 40
    turn = angle + rng.uniform(0, 0.25) * wander(n, 20, rng)
    length = rng.uniform(20, 80) / mm
    path = at + np.cumsum(np.stack([np.sin(turn), np.cos(turn)], axis=1) * length / n, axis=0)
    _rod(metal, path, rng.uniform(0.15, 0.3) / mm, METAL_PER_MM * mm)


def _letters(spec: BreastSpec, breast: Breast, metal: Pixels, rng: np.random.Generator) -> None:
    """Lead letters of side and view beside the breast; at times their foot lies on it."""
    rows, columns = spec.shape
    size = rng.uniform(0.9, 1.5) * 6 / spec.pixel_mm
    ink = np.zeros(spec.shape, np.uint8)
    text = f"{spec.laterality} {spec.view}"
    row = int(rng.uniform(0.03, 0.12) * rows + size)
    free = np.flatnonzero(breast.inside[max(row - int(size), 0) : row + 1].any(axis=0))
    left = (int(free[-1]) if free.size else 0) + int(rng.uniform(-1, 12) / spec.pixel_mm)
    left = min(left, columns - int(3.4 * size))
    scale = size / 22
    cv2.putText(
        ink, text, (max(left, 0), row), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, max(2, int(size / 7)), cv2.LINE_AA
    )
    metal += np.float32(4.0) * ink / np.float32(255)


def _scratches(spec: BreastSpec, film: Pixels, rng: np.random.Generator) -> None:
    """Thin bright or dark lines, nearly straight, single or a few side by side; hairs that bend."""
    rows, columns = spec.shape
    for _ in range(int(rng.integers(1, 7))):
        start = rng.uniform(0, 1, 2) * (rows, columns * 0.6)
        angle, n = rng.uniform(0, 2 * np.pi), 60
        bend = rng.uniform(0.05, 0.15) if rng.random() < 0.7 else rng.uniform(0.5, 1.2)
        turn = angle + bend * wander(n, 25, rng)
        length = rng.uniform(10, 90) / spec.pixel_mm
        path = start + np.cumsum(np.stack([np.sin(turn), np.cos(turn)], axis=1) * length / n, axis=0)
        canvas = np.zeros(spec.shape, np.uint8)
        points = np.round(path[:, ::-1] * 8).astype(np.int32)
        cv2.polylines(canvas, [points], False, 255, 1, cv2.LINE_AA, 3)
        line = blurred(canvas.astype(np.float32) / np.float32(255), rng.uniform(0.3, 0.9))
        film += np.float32(rng.choice([-1, 1]) * rng.uniform(0.05, 0.3)) * line


def _skin_beads(spec: BreastSpec, breast: Breast, thickness: Pixels, rng: np.random.Generator) -> None:
    """Round calcifications of the skin, near its line and, seen from the front, anywhere."""
    rim = (breast.depth_mm[::4, ::4] > 0.4) & (breast.depth_mm[::4, ::4] < 3)
    spots = np.flatnonzero(rim)
    for _ in range(int(rng.integers(3, 14))):
        at = np.array(divmod(int(spots[rng.integers(len(spots))]), rim.shape[1]), float) * 4
        radius = rng.uniform(0.2, 0.7) / spec.pixel_mm
        _rod(thickness, np.stack([at, at + 1e-3]), radius, spec.pixel_mm * rng.uniform(0.15, 0.4))


def _plate_edge(spec: BreastSpec, film: Pixels, rng: np.random.Generator) -> None:
    """The bright edge of the plate along the chest wall, or of a digitised film's frame."""
    wide = max(1, round(rng.uniform(0.3, 3) / spec.pixel_mm))
    film[:, :wide] += np.float32(rng.uniform(0.2, 0.9))
