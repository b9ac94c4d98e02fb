"""Things on a film that are not calcified arteries or nets, though a detector may think so."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.phantoms import exposure as beam
from calcinet.phantoms.chance import wander
from calcinet.phantoms.path_lengths import find_pixels_near, mean_chord, resample_path
from calcinet.phantoms.radiograph.body import Body
from calcinet.phantoms.radiograph.spec import LimbSpec
from calcinet.phantoms.texture import cloud
from calcinet.phantoms.truth import BONE, SOFT


@dataclass(slots=True, eq=False)
class Clutter:
    """What confounders add to a film; maps of shape (Y, X)."""

    spec: LimbSpec
    body: Body
    rng: np.random.Generator

    attenuation: Pixels
    """Of everything but calcium and metal."""

    metal: Pixels
    """Attenuation of metal."""

    calcium_mm: Pixels
    """Length of the beam in other calcium."""

    def px(self, mm: float) -> float:
        """Millimetres in pixels."""
        return mm / self.spec.pixel_mm

    def spot(self, depth_mm: float = 4.0, *, off_bone: bool = True) -> Floats:
        """A random point of the body, row and column in pixels."""
        inside = self.body.regions == SOFT if off_bone else (self.body.regions == SOFT) | (self.body.regions == BONE)
        deep = self.body.depth_mm > min(depth_mm, 0.5 * float(self.body.depth_mm.max()))
        spots = np.flatnonzero(inside & deep)
        chosen = int(spots[self.rng.integers(len(spots))]) if len(spots) else inside.size // 2
        return np.array(divmod(chosen, inside.shape[1]), float)

    def line(self, onto: Pixels, path: Floats, radius_mm: float | Floats, per_mm: float) -> None:
        """Draw a solid round line of points in pixels."""
        radius = np.broadcast_to(np.asarray(radius_mm, float) / self.spec.pixel_mm, (len(path),))
        near = find_pixels_near(onto.shape, path, np.asarray(radius))
        value = mean_chord(near.across, near.at(np.asarray(radius))) * (per_mm * self.spec.pixel_mm)
        onto[near.rows, near.columns] += value.astype(np.float32)


def clutter(spec: LimbSpec, body: Body, rng: np.random.Generator) -> Clutter:
    """Everything that `spec.confounders` names."""
    made = Clutter(spec, body, rng, *(np.zeros(spec.shape, np.float32) for _ in range(3)))
    for name in spec.confounders:
        DRAWN[name](made)
    return made


def _phleboliths(c: Clutter) -> None:
    """Rounded stones of 2 to 5 mm with a lucent centre."""
    for _ in range(int(c.rng.integers(2, 7))):
        path = c.spot() + np.array([[0, 0], [c.px(c.rng.uniform(0.1, 0.8)), 0]])
        radius = np.full(2, c.px(c.rng.uniform(0.9, 2.4)))
        near = find_pixels_near(c.calcium_mm.shape, path, radius)
        core = mean_chord(near.across, radius[0] * c.rng.uniform(0.4, 0.7) * np.ones_like(near.across))
        ball = mean_chord(near.across, np.full_like(near.across, radius[0])) - core
        c.calcium_mm[near.rows, near.columns] += (ball * c.spec.pixel_mm * c.rng.uniform(0.15, 0.4)).astype(np.float32)


def _clips(c: Clutter) -> None:
    """Pairs of short metal bars."""
    for _ in range(int(c.rng.integers(2, 7))):
        at, angle = c.spot(), c.rng.uniform(0, np.pi)
        ahead, aside = np.array([np.sin(angle), np.cos(angle)]), np.array([np.cos(angle), -np.sin(angle)])
        for side in (-0.6, 0.6):
            ends = np.stack([at - c.px(2.2) * ahead, at + c.px(2.2) * ahead]) + c.px(side) * aside
            c.line(c.metal, ends, 0.4, beam.METAL_PER_MM)


def _staples(c: Clutter) -> None:
    """A row of skin staples."""
    at, angle = c.spot(8.0, off_bone=False), c.rng.uniform(0, np.pi)
    ahead, aside = np.array([np.sin(angle), np.cos(angle)]), np.array([np.cos(angle), -np.sin(angle)])
    for k in range(int(c.rng.integers(4, 10))):
        middle = at + c.px(6.0) * k * ahead + c.px(c.rng.normal(0, 0.4)) * aside
        bend = c.px(1.4) * ahead * c.rng.normal(0.3, 0.3)
        staple = np.stack(
            [
                middle - c.px(2.6) * aside + bend,
                middle - c.px(2.6) * aside,
                middle + c.px(2.6) * aside,
                middle + c.px(2.6) * aside + bend,
            ]
        )
        c.line(c.metal, staple, 0.28, beam.METAL_PER_MM)


def _gauze(c: Clutter) -> None:
    """A woven square with its regular threads and one radio-opaque thread."""
    centre, half = c.spot(6.0, off_bone=False), c.px(c.rng.uniform(18, 40))
    pitch, angle = c.px(c.rng.uniform(1.0, 2.2)), c.rng.uniform(0, np.pi)
    u, v = _turned(c, centre, angle)
    u = u + c.px(0.8) * cloud(c.spec.shape, (c.px(14), c.px(14)), c.rng)
    v = v + c.px(0.8) * cloud(c.spec.shape, (c.px(14), c.px(14)), c.rng)
    threads = np.maximum(np.cos(2 * np.pi * u / pitch), 0) ** 4 + np.maximum(np.cos(2 * np.pi * v / pitch), 0) ** 4
    cover = (np.abs(u) < half) & (np.abs(v) < half * 0.8)
    c.attenuation += (threads * cover * c.rng.uniform(0.012, 0.035)).astype(np.float32)
    t = np.linspace(-half, half, 80)
    offset = c.px(4) * wander(80, 16, c.rng)
    thread = centre + np.stack(
        [t * np.sin(angle) - offset * np.cos(angle), t * np.cos(angle) + offset * np.sin(angle)], 1
    )
    c.line(c.attenuation, thread, 0.45, 0.12)


def _skin_folds(c: Clutter) -> None:
    """Wrinkles across the limb: soft lines that end at the skin."""
    rows, columns = c.spec.shape
    for _ in range(int(c.rng.integers(2, 6))):
        n, row = 60, c.rng.uniform(0.1, 0.9) * rows
        path = np.stack([row + c.px(3) * wander(n, 20, c.rng), np.linspace(0, columns, n)], axis=1)
        path[:, 0] += np.linspace(-1, 1, n) * c.px(c.rng.uniform(-12, 12))
        fold = np.zeros(c.spec.shape, np.float32)
        c.line(fold, path, c.rng.uniform(0.4, 1.0), beam.SKIN_PER_MM)
        c.attenuation += (
            fold * (c.body.depth_mm > 0) * np.clip(0.5 + cloud(c.spec.shape, (c.px(20), c.px(20)), c.rng), 0, 2)
        )


def _venous(c: Clutter) -> None:
    """Calcium of long-standing venous disease: coarse wavy bars with cross-links, not closed meshes."""
    start, heading = c.spot(6.0), c.rng.normal(0, 0.25) + c.spec.angle_deg * np.pi / 180
    bars = []
    for k in range(int(c.rng.integers(4, 8))):
        n = int(c.rng.uniform(40, 90))
        bar = np.stack([np.linspace(0, n, n), 5.0 * k + 2.2 * wander(n, 14, c.rng) + c.rng.normal(0, 1)], axis=1)
        bars.append(bar + np.array([c.rng.uniform(-15, 15), -12]))
    links = [np.stack([a[len(a) // 3], b[len(b) // 2]]) for a, b in itertools.pairwise(bars)]
    turn = np.array([[np.cos(heading), np.sin(heading)], [-np.sin(heading), np.cos(heading)]])
    layer = np.zeros(c.spec.shape, np.float32)
    for path in (*bars, *links):
        mm, _ = resample_path(path @ turn, 0.5)
        radius = np.clip(0.7 + 0.35 * wander(len(mm), 12, c.rng), 0.15, 1.4)
        c.line(layer, start + mm / c.spec.pixel_mm, radius, c.rng.uniform(0.15, 0.4))
    c.calcium_mm += layer * (c.body.depth_mm > 1.5)


def _plaster(c: Clutter) -> None:
    """The crumbly, layered texture of a plaster cast all over the limb."""
    crumbs = cloud(c.spec.shape, (c.px(1.2), c.px(1.2)), c.rng) + cloud(c.spec.shape, (c.px(4), c.px(9)), c.rng)
    u, v = _turned(c, np.zeros(2), np.radians(c.rng.uniform(-25, 25)))
    weave = np.cos(2 * np.pi * u / c.px(1.8)) + np.cos(2 * np.pi * v / c.px(1.8))
    c.attenuation += ((0.12 + 0.008 * crumbs + 0.012 * weave) * (c.body.depth_mm > 0)).astype(np.float32)


def _weave(c: Clutter) -> None:
    """Cloth between the limb and the film: folds and a fine regular weave."""
    u, v = _turned(c, np.zeros(2), np.radians(c.rng.uniform(0, 90)))
    bend = c.px(2) * cloud(c.spec.shape, (c.px(30), c.px(30)), c.rng)
    pitch = c.px(c.rng.uniform(1.2, 3.0))
    cloth = np.cos(2 * np.pi * (u + bend) / pitch) + np.cos(2 * np.pi * (v - bend) / pitch)
    folds = np.maximum(cloud(c.spec.shape, (c.px(60), c.px(7)), c.rng) - 0.8, 0)
    c.attenuation += (c.rng.uniform(0.006, 0.015) * cloth + 0.02 * folds).astype(np.float32)


def _scratches(c: Clutter) -> None:
    """Bright and dark hairlines of a worn plate."""
    rows, columns = c.spec.shape
    for _ in range(int(c.rng.integers(4, 14))):
        n = 40
        start, angle = c.rng.uniform([0, 0], [rows, columns]), c.rng.uniform(0, 2 * np.pi)
        t = np.linspace(0, c.px(c.rng.uniform(8, 60)), n)
        path = start + np.stack([t * np.sin(angle), t * np.cos(angle)], 1) + c.px(0.8) * wander(n, 15, c.rng)[:, None]
        c.line(c.attenuation, path, c.rng.uniform(0.08, 0.2), float(c.rng.choice([-0.2, 0.3])))


def _grid(c: Clutter) -> None:
    """Lines of an anti-scatter grid and faint bands of the reader."""
    u, _ = _turned(c, np.zeros(2), np.radians(c.rng.choice([0.0, 90.0]) + c.rng.normal(0, 0.4)))
    lines = np.cos(2 * np.pi * u / c.px(c.rng.uniform(0.45, 1.2)))
    bands = np.broadcast_to(wander(c.spec.shape[0], c.px(3), c.rng)[:, None], c.spec.shape)
    c.attenuation += (c.rng.uniform(0.005, 0.014) * lines + 0.003 * bands).astype(np.float32)


def _turned(c: Clutter, centre: Floats, angle: float) -> tuple[Pixels, Pixels]:
    """Coordinates in pixels along two axes turned by `angle`."""
    rows, columns = (np.arange(n, dtype=np.float32) - np.float32(o) for n, o in zip(c.spec.shape, centre, strict=True))
    sine, cosine = np.float32(np.sin(angle)), np.float32(np.cos(angle))
    return rows[:, None] * sine + columns * cosine, rows[:, None] * cosine - columns * sine


DRAWN: Final[dict[str, Callable[[Clutter], None]]] = {
    "phleboliths": _phleboliths,
    "clips": _clips,
    "staples": _staples,
    "gauze": _gauze,
    "skin folds": _skin_folds,
    "venous": _venous,
    "plaster": _plaster,
    "weave": _weave,
    "scratches": _scratches,
    "grid": _grid,
}
"""How each named confounder is drawn."""
