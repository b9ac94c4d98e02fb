"""Limbs imaged twice without change: another position, dose and device, each image examined as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from calcinet.phantoms.ct.leg import Build, leg
from calcinet.phantoms.ct.scanner import Scanner
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.protocols.modalities import examine_image
from calcinet.record import ImageRecord

Kind = Literal["film", "CT"]

FIRST_FILM: Final = 7000
FIRST_LEG: Final = 7000
"""Seeds from here on serve for nothing else."""

SPAN_MM: Final = (240.0, 275.0)
"""Of a leg on CT: short, so that a pair takes seconds."""

FIELD_MM: Final = (140.0, 110.0)
"""Of a film: small for the same reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Measures of one body on two images between which nothing changed."""

    kind: Kind
    seed: int
    measures: tuple[Mapping[str, float | None], Mapping[str, float | None]]
    intervals: tuple[Mapping[str, tuple[float, float]], Mapping[str, tuple[float, float]]]


def film_pair(number: int) -> Pair:
    """A limb with arteries, every second one with a net, on two films.

    The calcium stays as dense as it is: its contrast over the noise goes with the root of the dose.
    """
    seed = FIRST_FILM + number
    chance = np.random.default_rng([seed, 55])
    first = random_spec(seed, net=number % 2 == 0, vessels=True, anatomy="lower leg")
    first = replace(first, confounders=(), border="none", margin_mm=(0.0, 0.0), letter="", field_mm=FIELD_MM)
    dose = float(np.exp(chance.uniform(np.log(0.6), np.log(1.7))))
    second = replace(
        first,
        photons=first.photons * dose,
        vessels=tuple(replace(v, contrast_in_noise=v.contrast_in_noise * dose**0.5) for v in first.vessels),
        nets=tuple(replace(n, contrast_in_noise=n.contrast_in_noise * dose**0.5) for n in first.nets),
        processing=float(np.clip(first.processing + chance.normal(0, 0.2), 0, 1.2)),
        angle_deg=first.angle_deg + float(chance.normal(0, 3)),
        shift_mm=(first.shift_mm[0] + float(chance.normal(0, 4)), first.shift_mm[1] + float(chance.normal(0, 3))),
    )
    images = [examine_image(limb(spec).image, "img-1")[0] for spec in (first, second)]
    return _pair("film", seed, images)


def ct_pair(number: int) -> Pair:
    """A stretch of a lower leg on two scanners."""
    seed = FIRST_LEG + number
    chance = np.random.default_rng([seed, 56])
    build = Build("lower leg", "L", span_mm=SPAN_MM)
    images = []
    for _ in range(2):
        spacing = (float(chance.choice([1.0, 1.25, 1.5])), *(float(chance.uniform(0.6, 0.8)),) * 2)
        scanner = Scanner(noise_hu=float(chance.uniform(9, 16)), blur_fwhm_mm=float(chance.uniform(0.65, 0.85)))
        image, _truth = leg(seed, spacing, build=build, scanner=scanner)
        images.append(examine_image(image, "img-1")[0])
    return _pair("CT", seed, images)


def _pair(kind: Kind, seed: int, images: list[ImageRecord]) -> Pair:
    one, other = images
    return Pair(
        kind=kind,
        seed=seed,
        measures=(one.measures, other.measures),
        intervals=(one.intervals95, other.intervals95),
    )
