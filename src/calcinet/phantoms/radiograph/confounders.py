"""Things on a film that are not calcified arteries or nets, though a detector may think so."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.phantoms import exposure as beam
from calcinet.phantoms.chance import random_pixel, wander
from calcinet.phantoms.curves import axes_at
from calcinet.phantoms.path_lengths import find_pixels_near, mean_chord, resample_path
from calcinet.phantoms.radiograph.body import Body
from calcinet.phantoms.radiograph.spec import LimbSpec
from calcinet.phantoms.texture import cloud
from calcinet.phantoms.truth import BONE, SOFT


@dataclass(slots=True, eq=False, kw_only=True)
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

    def choose_spot(self, depth_mm: float = 4.0, *, off_bone: bool = True) -> Floats:
        """A random point of the body, row and column in pixels."""
        inside = self.body.regions == SOFT
        if not off_bone:
            inside |= self.body.regions == BONE
        deep = self.body.depth_mm > min(depth_mm, 0.5 * float(self.body.depth_mm.max()))
        where = inside & deep
        if not where.any():
            return np.array(divmod(where.size // 2, where.shape[1]), float)
        return random_pixel(where, self.rng)

    def draw_line(self, onto: Pixels, path: Floats, radius_mm: float | Floats, per_mm: float) -> None:
        """Draw a solid round line of points in pixels."""
        radius = np.asarray(np.broadcast_to(np.asarray(radius_mm, float) / self.spec.pixel_mm, (len(path),)))
        near = find_pixels_near(self.spec.shape, path, radius)
        value = mean_chord(near.across, near.at(radius)) * (per_mm * self.spec.pixel_mm)
        onto[near.rows, near.columns] += value.astype(np.float32)


def draw_confounders(spec: LimbSpec, body: Body, rng: np.random.Generator) -> Clutter:
    """Everything that `spec.confounders` names."""
    attenuation, metal, calcium_mm = (np.zeros(spec.shape, np.float32) for _ in range(3))
    clutter = Clutter(spec=spec, body=body, rng=rng, attenuation=attenuation, metal=metal, calcium_mm=calcium_mm)
    for name in spec.confounders:
        DRAWERS[name](clutter)
    return clutter


def _draw_phleboliths(c: Clutter) -> None:
    """Rounded stones of 2 to 5 mm with a lucent centre."""
    for _ in range(int(c.rng.integers(2, 7))):
        path = c.choose_spot() + np.array([[0, 0], [c.px(c.rng.uniform(0.1, 0.8)), 0]])
        radius = np.full(2, c.px(c.rng.uniform(0.9, 2.4)))
        near = find_pixels_near(c.spec.shape, path, radius)
        core = mean_chord(near.across, radius[0] * c.rng.uniform(0.4, 0.7) * np.ones_like(near.across))
        shell = mean_chord(near.across, np.full_like(near.across, radius[0])) - core
        added_mm = shell * c.spec.pixel_mm * c.rng.uniform(0.15, 0.4)
        c.calcium_mm[near.rows, near.columns] += added_mm.astype(np.float32)


def _draw_clips(c: Clutter) -> None:
    """Pairs of short metal bars."""
    for _ in range(int(c.rng.integers(2, 7))):
        at, angle = c.choose_spot(), c.rng.uniform(0, np.pi)
        ahead, aside = axes_at(angle)
        for side in (-0.6, 0.6):
            ends = np.stack([at - c.px(2.2) * ahead, at + c.px(2.2) * ahead]) + c.px(side) * aside
            c.draw_line(c.metal, ends, 0.4, beam.METAL_PER_MM)


def _draw_staples(c: Clutter) -> None:
    """A row of skin staples."""
    at, angle = c.choose_spot(8.0, off_bone=False), c.rng.uniform(0, np.pi)
    ahead, aside = axes_at(angle)
    for number in range(int(c.rng.integers(4, 10))):
        middle = at + c.px(6.0) * number * ahead + c.px(c.rng.normal(0, 0.4)) * aside
        leg = c.px(1.4) * ahead * c.rng.normal(0.3, 0.3)
        left, right = middle - c.px(2.6) * aside, middle + c.px(2.6) * aside
        staple = np.stack([left + leg, left, right, right + leg])
        c.draw_line(c.metal, staple, 0.28, beam.METAL_PER_MM)


def _draw_gauze(c: Clutter) -> None:
    """A woven square with its regular threads and one radio-opaque thread."""
    centre, half = c.choose_spot(6.0, off_bone=False), c.px(c.rng.uniform(18, 40))
    pitch, angle = c.px(c.rng.uniform(1.0, 2.2)), c.rng.uniform(0, np.pi)
    u, v = _turn_axes(c, centre, angle)
    u, v = u + _warp(c), v + _warp(c)
    threads = _weave_threads(u, pitch) + _weave_threads(v, pitch)
    cover = (np.abs(u) < half) & (np.abs(v) < half * 0.8)
    c.attenuation += (threads * cover * c.rng.uniform(0.012, 0.035)).astype(np.float32)
    along = np.linspace(-half, half, 80)
    off = c.px(4) * wander(80, 16, c.rng)
    sine, cosine = np.sin(angle), np.cos(angle)
    opaque_thread = centre + np.stack([along * sine - off * cosine, along * cosine + off * sine], 1)
    c.draw_line(c.attenuation, opaque_thread, 0.45, 0.12)


def _warp(c: Clutter) -> Pixels:
    """How far cloth is drawn out of shape along one axis, in pixels."""
    return np.asarray(c.px(0.8) * cloud(c.spec.shape, (c.px(14), c.px(14)), c.rng))


def _weave_threads(across: Pixels, pitch: float) -> Pixels:
    """Even threads across an axis, 0 to 1."""
    return np.asarray(np.maximum(np.cos(2 * np.pi * across / pitch), 0) ** 4)


def _draw_skin_folds(c: Clutter) -> None:
    """Wrinkles across the limb: soft lines that end at the skin."""
    rows, columns = c.spec.shape
    for _ in range(int(c.rng.integers(2, 6))):
        n, row = 60, c.rng.uniform(0.1, 0.9) * rows
        path = np.stack([row + c.px(3) * wander(n, 20, c.rng), np.linspace(0, columns, n)], axis=1)
        path[:, 0] += np.linspace(-1, 1, n) * c.px(c.rng.uniform(-12, 12))
        fold = np.zeros(c.spec.shape, np.float32)
        c.draw_line(fold, path, c.rng.uniform(0.4, 1.0), beam.SKIN_PER_MM)
        uneven = np.clip(0.5 + cloud(c.spec.shape, (c.px(20), c.px(20)), c.rng), 0, 2)
        c.attenuation += fold * (c.body.depth_mm > 0) * uneven


def _draw_venous(c: Clutter) -> None:
    """Calcium of long-standing venous disease: coarse wavy bars with cross-links, not closed meshes."""
    start, heading = c.choose_spot(6.0), c.rng.normal(0, 0.25) + c.spec.angle_deg * np.pi / 180
    bars = [_draw_venous_bar(number, c.rng) for number in range(int(c.rng.integers(4, 8)))]
    links = [np.stack([first[len(first) // 3], second[len(second) // 2]]) for first, second in itertools.pairwise(bars)]
    sine, cosine = np.sin(heading), np.cos(heading)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    layer = np.zeros(c.spec.shape, np.float32)
    for path in (*bars, *links):
        mm, _ = resample_path(path @ turn, 0.5)
        radius = np.clip(0.7 + 0.35 * wander(len(mm), 12, c.rng), 0.15, 1.4)
        c.draw_line(layer, start + mm / c.spec.pixel_mm, radius, c.rng.uniform(0.15, 0.4))
    c.calcium_mm += layer * (c.body.depth_mm > 1.5)


def _draw_venous_bar(number: int, rng: np.random.Generator) -> Floats:
    """One wavy bar, 5 mm beside the one before; along and across in mm."""
    n = int(rng.uniform(40, 90))
    across = 5.0 * number + 2.2 * wander(n, 14, rng) + rng.normal(0, 1)
    start = np.array([rng.uniform(-15, 15), -12])
    return np.asarray(np.stack([np.linspace(0, n, n), across], axis=1) + start)


def _draw_plaster(c: Clutter) -> None:
    """The crumbly, layered texture of a plaster cast all over the limb."""
    crumbs = cloud(c.spec.shape, (c.px(1.2), c.px(1.2)), c.rng) + cloud(c.spec.shape, (c.px(4), c.px(9)), c.rng)
    u, v = _turn_axes(c, np.zeros(2), np.radians(c.rng.uniform(-25, 25)))
    weave = np.cos(2 * np.pi * u / c.px(1.8)) + np.cos(2 * np.pi * v / c.px(1.8))
    c.attenuation += ((0.12 + 0.008 * crumbs + 0.012 * weave) * (c.body.depth_mm > 0)).astype(np.float32)


def _draw_weave(c: Clutter) -> None:
    """Cloth between the limb and the film: folds and a fine regular weave."""
    u, v = _turn_axes(c, np.zeros(2), np.radians(c.rng.uniform(0, 90)))
    bend = c.px(2) * cloud(c.spec.shape, (c.px(30), c.px(30)), c.rng)
    pitch = c.px(c.rng.uniform(1.2, 3.0))
    cloth = np.cos(2 * np.pi * (u + bend) / pitch) + np.cos(2 * np.pi * (v - bend) / pitch)
    folds = np.maximum(cloud(c.spec.shape, (c.px(60), c.px(7)), c.rng) - 0.8, 0)
    c.attenuation += (c.rng.uniform(0.006, 0.015) * cloth + 0.02 * folds).astype(np.float32)


def _draw_scratches(c: Clutter) -> None:
    """Bright and dark hairlines of a worn plate."""
    rows, columns = c.spec.shape
    for _ in range(int(c.rng.integers(4, 14))):
        n = 40
        start, angle = c.rng.uniform([0, 0], [rows, columns]), c.rng.uniform(0, 2 * np.pi)
        along = np.linspace(0, c.px(c.rng.uniform(8, 60)), n)
        straight = start + np.stack([along * np.sin(angle), along * np.cos(angle)], 1)
        path = straight + c.px(0.8) * wander(n, 15, c.rng)[:, None]
        c.draw_line(c.attenuation, path, c.rng.uniform(0.08, 0.2), float(c.rng.choice([-0.2, 0.3])))


def _draw_grid(c: Clutter) -> None:
    """Lines of an anti-scatter grid and faint bands of the reader."""
    u, _ = _turn_axes(c, np.zeros(2), np.radians(c.rng.choice([0.0, 90.0]) + c.rng.normal(0, 0.4)))
    lines = np.cos(2 * np.pi * u / c.px(c.rng.uniform(0.45, 1.2)))
    bands = np.broadcast_to(wander(c.spec.shape[0], c.px(3), c.rng)[:, None], c.spec.shape)
    c.attenuation += (c.rng.uniform(0.005, 0.014) * lines + 0.003 * bands).astype(np.float32)


def _turn_axes(c: Clutter, centre: Floats, angle: float) -> tuple[Pixels, Pixels]:
    """Coordinates in pixels along two axes turned by `angle`."""
    height, width = c.spec.shape
    rows = np.arange(height, dtype=np.float32) - np.float32(centre[0])
    columns = np.arange(width, dtype=np.float32) - np.float32(centre[1])
    sine, cosine = np.float32(np.sin(angle)), np.float32(np.cos(angle))
    return rows[:, None] * sine + columns * cosine, rows[:, None] * cosine - columns * sine


DRAWERS: Final[dict[str, Callable[[Clutter], None]]] = {
    "phleboliths": _draw_phleboliths,
    "clips": _draw_clips,
    "staples": _draw_staples,
    "gauze": _draw_gauze,
    "skin folds": _draw_skin_folds,
    "venous": _draw_venous,
    "plaster": _draw_plaster,
    "weave": _draw_weave,
    "scratches": _draw_scratches,
    "grid": _draw_grid,
}
"""How each named confounder is drawn."""
