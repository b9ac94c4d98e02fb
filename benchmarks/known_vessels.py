"""Vessels put into noise, generated tissue and real films at places we know, to be measured there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import progress
from calcinet.errors import NotMeasurable, Unreadable
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.io import read
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.noise_power import noise_power
from calcinet.measure.radiograph.sharpness import Sharpness, blur_sigma_px
from calcinet.phantoms.calcium import Tube
from calcinet.phantoms.implant import Response, contrast_of_deposit, local_noise
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.vessels import vessel_deposit

Array = NDArray[np.float64]

NARROWEST_MM: Final = 0.3
WIDEST_MM: Final = 7.0
"""True outer diameters, drawn evenly on a logarithmic scale."""

LENGTH_MM: Final = (12.0, 40.0)
CONTRAST_IN_NOISE: Final = (4.0, 20.0)
"""Of the walls over the fine noise about them. Our choice: from barely traceable to plain."""

BRIGHTEST: Final = 0.08
"""Contrast over the range of the film's grey levels, at most. Our choice: bone takes a third of it, a calcified wall is
much thinner."""

BEND_PER_MM: Final = 1 / 40
"""Sharpest bend. Our choice: the arteries of a foot."""

ESTIMATE: Final = (0.75, 1.3)
"""First estimate of the calibre over the true one, as tracing gives it."""

STRAY_OF_RADIUS: Final = 0.25
"""Standard deviation of the given line about the true one, in radii, and at most `STRAY_PX` pixels. Our choice."""

STRAY_PX: Final = 1.0

MARGIN_MM: Final = 12.0
"""Film round a vessel that is cut out with it."""

WIDEST_LUMEN: Final = 0.95
"""Largest lumen area over outer area; evenly from 0, as the measurement expects before looking."""

SKIN_MM: Final = 1.0
"""A vessel lies at least so deep. Our choice: skin holds none of these."""

MOSTLY_SOFT: Final = 0.8
"""Share of a vessel's line in soft tissue, the rest on bone. Our choice: arteries of a leg cross bones."""

PIXEL_BOX_PX: Final = 12**-0.5
"""Standard deviation of a pixel's own width."""

REAL_PIXEL_MM: Final = 0.2
"""Assumed of real films that do not tell: between the calf's cassette and a chest detector."""


@dataclass(frozen=True, eq=False)
class Background:
    """A film without the vessels, and what a protocol would know of it."""

    name: str
    image: Image
    soft: NDArray[np.bool_]
    inside: NDArray[np.float32]
    """Distance in pixels from what is neither soft tissue nor bone."""
    noise_sd: float
    sharpness: Sharpness
    response: Response

    @cached_property
    def spots(self) -> NDArray[np.intp]:
        """Where soft tissue is, shape (N, 2), thinned."""
        return np.argwhere(self.soft[::4, ::4]) * 4


@dataclass(frozen=True, slots=True, eq=False)
class KnownVessel:
    """A vessel whose line and diameter are known, in its piece of film."""

    image: Image
    line: Array
    """The line that is given to the measurement, (N, 2) row and column."""
    half_width_px: Array
    """The estimate that is given."""
    noise_sd: float
    blur_px: float
    blur_interval_px: tuple[float, float]

    true_mm: float
    least_mm: float
    """The larger of 0.3 mm and the blur's full width: narrower ones are not resolvable."""
    length_mm: float
    contrast_in_noise: float
    background: str
    lumen_share: float
    """Lumen area over outer area."""

    fine_noise: float
    """Standard deviation of the fine noise about it."""

    amount: float
    """Line integral across it, grey levels times mm."""


def known_vessels(backgrounds: Sequence[Background], count: int, seed: int) -> Iterator[KnownVessel]:
    """Put `count` vessels into the backgrounds in turn, one at a time."""
    rng = np.random.default_rng(seed)
    made = tried = 0
    while made < count and tried < 20 * count:
        vessel = _implanted(backgrounds[tried % len(backgrounds)], rng)
        tried += 1
        if vessel is not None:
            made += 1
            yield vessel


def _implanted(background: Background, rng: np.random.Generator) -> KnownVessel | None:
    """One vessel in its piece of film; None where the tissue has no room for it."""
    pixel_mm = background.image.require_pixel_mm()[0]
    path = _path(rng) / pixel_mm + background.spots[rng.integers(len(background.spots))]
    diameter = float(np.exp(rng.uniform(np.log(NARROWEST_MM), np.log(WIDEST_MM)))) / pixel_mm
    if not _fits(path, background, diameter / 2 + SKIN_MM / pixel_mm):
        return None
    low = np.maximum(np.floor(path.min(axis=0) - MARGIN_MM / pixel_mm), 0).astype(int)
    high = np.ceil(path.max(axis=0) + MARGIN_MM / pixel_mm).astype(int)
    piece = np.ascontiguousarray(background.image.plane[low[0] : high[0], low[1] : high[1]])
    drawn_px = _drawn_blur_px(background.sharpness, rng)
    lumen_share = float(rng.uniform(0, WIDEST_LUMEN))
    wall = diameter / 2 * (1 - lumen_share**0.5)
    noise = local_noise(piece)
    brightest = BRIGHTEST * (background.response.white - background.response.black) / float(np.median(noise))
    contrast = min(float(np.exp(rng.uniform(*np.log(CONTRAST_IN_NOISE)))), brightest)
    blur = float(np.sqrt(max(drawn_px**2 - PIXEL_BOX_PX**2, 0.01)))
    whole = np.ones(len(path))
    tube = Tube.flat(path - low, whole * diameter / 2, wall, whole)
    shadow = vessel_deposit([tube], piece.shape, pixel_mm=1.0, blur_px=blur, contrast_in_noise=contrast)
    added = contrast_of_deposit(piece, shadow, blur_px=blur, response=background.response, noise=noise)
    length_mm = float(np.hypot(*np.diff(path, axis=0).T).sum()) * pixel_mm
    return KnownVessel(
        image=replace(background.image, pixels=(piece + added)[None]),
        line=_strayed(path - low, diameter / 2, rng),
        half_width_px=np.full(len(path), diameter / 2 * rng.uniform(*ESTIMATE)),
        noise_sd=background.noise_sd,
        blur_px=background.sharpness.sigma_px,
        blur_interval_px=background.sharpness.interval_px,
        true_mm=diameter * pixel_mm,
        least_mm=max(NARROWEST_MM, 2.3548 * background.sharpness.sigma_px * pixel_mm),
        length_mm=length_mm,
        contrast_in_noise=contrast,
        background=background.name,
        lumen_share=lumen_share,
        fine_noise=float(np.median(noise)),
        amount=float(added.sum()) * pixel_mm**2 / length_mm,
    )


def _path(rng: np.random.Generator) -> Array:
    """A gently bent line in mm about its middle, any direction; shape (N, 2)."""
    length = rng.uniform(*LENGTH_MM)
    step = 0.25
    bends = rng.uniform(-BEND_PER_MM, BEND_PER_MM, 3)
    curvature = np.interp(np.linspace(0, 1, int(length / step)), [0, 0.5, 1], bends)
    heading = rng.uniform(0, 2 * np.pi) + np.cumsum(curvature) * step
    path = np.cumsum(np.stack([np.sin(heading), np.cos(heading)], axis=1) * step, axis=0)
    return np.asarray(path - path.mean(axis=0))


def _fits(path: Array, background: Background, room_px: float) -> bool:
    """Whether nearly all of a path lies in soft tissue, and the whole width of its vessel in the body."""
    spots = np.rint(path).astype(int)
    if (spots < 0).any() or (spots >= background.soft.shape).any():
        return False
    at = (spots[:, 0], spots[:, 1])
    return float(background.soft[at].mean()) > MOSTLY_SOFT and bool((background.inside[at] >= room_px).all())


def _drawn_blur_px(sharpness: Sharpness, rng: np.random.Generator) -> float:
    """The blur that the film may really have, by what its measurement says of itself."""
    low, high = np.log(sharpness.interval_px)
    drawn = np.log(sharpness.sigma_px) + rng.normal() * (high - low) / (2 * 1.96)
    return float(np.exp(np.clip(drawn, low, high)))


def _strayed(path: Array, radius: float, rng: np.random.Generator) -> Array:
    """The path as tracing would give it: beside the middle by a little, slowly changing."""
    along = np.linspace(0, 2 * np.pi, len(path))
    by = rng.normal(0, 0.7) + np.sin(along * rng.uniform(0.5, 2) + rng.uniform(0, 2 * np.pi))
    tangent = np.gradient(path, axis=0)
    tangent /= np.hypot(*tangent.T)[:, None]
    sideways = min(STRAY_OF_RADIUS * radius, STRAY_PX) * by
    return np.asarray(path + sideways[:, None] * np.stack([-tangent[:, 1], tangent[:, 0]], axis=1))


def noise_films(count: int = 4) -> list[Background]:
    """White and correlated noise on an even level."""
    films = []
    for seed in range(count):
        rng = np.random.default_rng([seed, 17])
        white = rng.normal(0, 20, (700, 700)).astype(np.float32)
        image = Image(1000 + white[None], (1.0, 0.15, 0.15), "1", spacing_basis="calibrated", modality="DX")
        sigma = float(rng.uniform(0.6, 1.3))
        known = Sharpness(sigma_px=sigma, interval_px=(sigma, sigma), edges=99)
        everywhere = np.ones((700, 700), bool)
        far = np.full((700, 700), 999, np.float32)
        films.append(Background("drawn noise", image, everywhere, far, 20.0, known, Response(-1e5, 1e5)))
    return films


def phantom_films(seeds: Sequence[int]) -> list[Background]:
    """Limbs without calcium."""
    films = []
    for seed in seeds:
        made = limb(random_spec(seed, net=False, vessels=False, confounders=False))
        films.append(_known(made.image, "generated tissue"))
    return [film for film in films if film is not None]


def real_films(data: Path) -> list[Background]:
    """Films that no weights were trained on: chests, wrists, hands and the calf."""
    films = []
    for path in (
        *sorted((data / "backgrounds" / "chest").glob("ml-workgroup*.png")),
        *sorted((data / "backgrounds" / "wrist_forearm").glob("*.png")),
        *sorted((data / "xray").glob("boneage_hand_*.png")),
        *sorted((data / "xray").glob("*.dcm")),
    ):
        try:
            image = read(path, spacing_mm=REAL_PIXEL_MM, modality=None if path.suffix == ".dcm" else "DX")
        except Unreadable as refusal:
            progress(f"  a film was refused: {refusal}")
            continue
        kind = "real chest" if path.name.startswith("ml-workgroup") else "real limb"
        film = _known(replace(image, spacing_basis="calibrated", magnification_interval=(1.0, 1.0)), kind)
        if film is not None:
            films.append(film)
    return films


def _known(image: Image, name: str) -> Background | None:
    try:
        regions = find_regions(image)
        noise = noise_power(image.plane, regions[Tissue.SOFT], image.require_pixel_mm())
    except NotMeasurable as refusal:
        progress(f"  a film was left out: {refusal}")
        return None
    sharpness = blur_sigma_px(image.plane, regions.labels != Tissue.BORDER)
    body = regions[Tissue.SOFT] | regions[Tissue.BONE]
    depth = cv2.distanceTransform(np.pad(body, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    inside = np.asarray(depth, dtype=np.float32)
    return Background(name, image, regions[Tissue.SOFT], inside, noise.sd, sharpness, Response.of(image.plane))
