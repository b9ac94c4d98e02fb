"""Bodies imaged twice: another position, dose and device, without change and with a known one; each image whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import cv2
import numpy as np
from scipy.spatial import cKDTree

from benchmarks.serial_registration import true_place
from calcinet.arrays import Floats
from calcinet.errors import NotMeasurable
from calcinet.extras import find_missing
from calcinet.geometry.registration import register
from calcinet.image import Image
from calcinet.phantoms.ct.leg import Build, Legs, make_legs, scan_legs
from calcinet.phantoms.ct.scanner import Scanner
from calcinet.phantoms.mammogram import breast, random_breast
from calcinet.phantoms.radiograph.limb import LimbSpec, limb, random_spec
from calcinet.phantoms.scintigram.figure import LEVELS_MM
from calcinet.phantoms.scintigram.whole_body import WholeBody, follow_up, whole_body
from calcinet.phantoms.truth import Phantom
from calcinet.protocols.modalities import examine_image
from calcinet.protocols.scintigram.follow_up import compare
from calcinet.protocols.timeline.film_places import FilmPlace
from calcinet.protocols.timeline.matching import match
from calcinet.record import FindingRecord, ImageRecord

Kind = Literal["film", "large film", "CT", "mammogram", "scan"]

FIRST: Final = 7000
"""Seeds from here on serve for nothing else."""

FIRST_LARGE: Final = 9000
"""The same of films of the usual field, 200 by 140 mm."""

SPAN_MM: Final = (240.0, 275.0)
"""Of a leg on CT: short, so that a pair takes seconds."""

FIELD_MM: Final = (140.0, 110.0)
"""Of a film: small for the same reason."""

COVERAGE: Final = (0.35, 0.65)
"""Of the arteries of a film that has less calcium than the other of its pair."""

NET_SHARE: Final = 0.6
"""Area of the smaller net of a pair over that of the larger one."""

UPTAKE_CHANGE: Final = (0.7, 1.4)
"""True ratios of the uptake of scans between which something changed."""

SCAN_REPEAT_SD: Final = 0.05
"""Of the uptake of a segment from scan to scan, by nature. Our choice: what the program takes it for."""

Values = Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedLine:
    """A mark of two images, or of one of them alone."""

    kind: str
    sizes: tuple[float | None, float | None]
    """On either image, as far as both show the place: length in mm, area in mm2."""
    calibres: tuple[float | None, float | None]
    """Of the largest piece on either image."""
    apart_mm: float | None
    """Median distance of the later mark from where the earlier one truly lies; None where one has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Measures of one body on two images."""

    kind: Kind
    seed: int
    scene: str
    """"no change", or what changed."""
    measures: tuple[Values, Values]
    truth: Mapping[str, float]
    """True later over earlier value, by measure."""
    lines: Sequence[MatchedLine] = ()
    found: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Of scans: ratio and interval of each segment and of the whole, which are compared and not subtracted."""
    laid: bool | None = None
    """Of films: whether they were laid on one another; None where that was not tried."""


SAME: Final = "no change"


def film_pairs(number: int) -> tuple[Pair, ...]:
    """A leg with arteries, every second one with a net, on two films; and on a third with less calcium or more.

    The calcium stays as dense as it is: its contrast over the noise goes with the root of the dose.
    """
    seed = FIRST + number
    chance = np.random.default_rng([seed, 55])
    first = random_spec(seed, net=number % 2 == 0, vessels=True, anatomy="lower leg")
    first = replace(first, confounders=(), border="none", margin_mm=(0.0, 0.0), letter="", field_mm=FIELD_MM)
    second = _film_again(first, chance)
    less = replace(
        second,
        vessels=tuple(
            replace(vessel, pattern="patchy", coverage=float(chance.uniform(*COVERAGE))) for vessel in second.vessels
        ),
        nets=tuple(replace(net, area_cm2=net.area_cm2 * NET_SHARE) for net in second.nets),
    )
    one, two, other = (_examine_film(spec) for spec in (first, second, less))
    same = _join_films(one, two, seed, SAME)
    if number % 4 < 2:
        return same, _join_films(one, other, seed, "less")
    return same, _join_films(other, one, seed, "more")


def large_film_pairs(number: int) -> tuple[Pair, ...]:
    """The same on films of the usual field, where arteries are longer; every third with less calcium later."""
    seed = FIRST_LARGE + number
    chance = np.random.default_rng([seed, 55])
    first = random_spec(seed, net=number % 2 == 0, vessels=True, anatomy="lower leg")
    first = replace(first, confounders=(), border="none", margin_mm=(0.0, 0.0), letter="")
    second = _film_again(first, chance)
    one = _examine_film(first)
    same = _join_films(one, _examine_film(second), seed, SAME, kind="large film")
    if number % 3:
        return (same,)
    vessels = []
    for vessel in second.vessels:
        vessels.append(replace(vessel, pattern="patchy", coverage=float(chance.uniform(*COVERAGE))))
    less = _examine_film(replace(second, vessels=tuple(vessels)))
    return same, _join_films(one, less, seed, "less", kind="large film")


def _film_again(first: LimbSpec, chance: np.random.Generator) -> LimbSpec:
    dose = float(np.exp(chance.uniform(np.log(0.6), np.log(1.7))))
    return replace(
        first,
        photons=first.photons * dose,
        vessels=tuple(replace(v, contrast_in_noise=v.contrast_in_noise * dose**0.5) for v in first.vessels),
        nets=tuple(replace(n, contrast_in_noise=n.contrast_in_noise * dose**0.5) for n in first.nets),
        processing=float(np.clip(first.processing + chance.normal(0, 0.2), 0, 1.2)),
        angle_deg=first.angle_deg + float(chance.normal(0, 3)),
        shift_mm=(first.shift_mm[0] + float(chance.normal(0, 4)), first.shift_mm[1] + float(chance.normal(0, 3))),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Film:
    """A generated film and what was found on it."""

    phantom: Phantom[LimbSpec]
    record: ImageRecord

    @property
    def truth(self) -> dict[str, float]:
        """What is truly there, by measure; a net's area is that of its outline."""
        spec, truth = self.phantom.spec, self.phantom.truth
        pixel = spec.pixel_mm
        values = {"calcified_length_mm": sum(v.calcified_length_mm((pixel, pixel)) for v in truth.vessels)}
        for net in truth.nets:
            values["net.area_cm2"] = cv2.contourArea(net.outline.astype(np.float32)) * pixel**2 / 100
            values["net.mesh_mm"] = net.mesh_mm
        return values


def _examine_film(spec: LimbSpec) -> _Film:
    phantom = limb(spec)
    return _Film(phantom, examine_image(phantom.image, "img-1")[0])


def _join_films(one: _Film, other: _Film, seed: int, scene: str, *, kind: Kind = "film") -> Pair:
    lines, laid = _match_lines(one, other)
    return Pair(
        kind=kind,
        seed=seed,
        scene=scene,
        measures=(one.record.measures, other.record.measures),
        truth=_divide(one.truth, other.truth, scene),
        lines=lines,
        laid=laid,
    )


def _divide(earlier: Mapping[str, float], later: Mapping[str, float], scene: str) -> dict[str, float]:
    """True ratios; 1 of every measure where nothing changed, although fields differ a little."""
    if scene == SAME:
        return {}
    return {name: later[name] / earlier[name] for name in earlier if earlier[name] > 0 and later.get(name, 0.0) > 0}


def _match_lines(one: _Film, other: _Film) -> tuple[list[MatchedLine], bool | None]:
    if find_missing(["serial"]):
        return [], None
    size, later_size = one.phantom.spec.pixel_mm, other.phantom.spec.pixel_mm
    try:
        laid = register(one.phantom.image.plane, other.phantom.image.plane, (size, size), (later_size, later_size))
    except NotMeasurable:
        return [], False
    before = {finding.id: finding for finding in one.record.findings}
    after = {finding.id: finding for finding in other.record.findings}
    lines = []
    for mark in match([FilmPlace(one.record, one.record, None), FilmPlace(other.record, one.record, laid)]):
        pieces = ([before[name] for name in mark.findings[0]], [after[name] for name in mark.findings[1]])
        apart = None
        if all(pieces):
            apart = _measure_apart(*pieces, one.phantom.spec, other.phantom.spec)
        earlier, later = (own[0].calibre_mm if own else None for own in pieces)
        lines.append(
            MatchedLine(kind=mark.kind, sizes=(mark.sizes[0], mark.sizes[1]), calibres=(earlier, later), apart_mm=apart)
        )
    return lines, True


def _measure_apart(
    before: Sequence[FindingRecord], after: Sequence[FindingRecord], spec: LimbSpec, later: LimbSpec
) -> float:
    earlier = np.concatenate([_list_points(finding) for finding in before])
    there = true_place(spec, later, earlier * spec.pixel_mm)
    marked = np.concatenate([_list_points(finding) for finding in after]) * later.pixel_mm
    distances, _ = cKDTree(there).query(marked)
    return float(np.median(distances))


def _list_points(finding: FindingRecord) -> Floats:
    return np.asarray(finding.polyline or finding.outline, np.float64).reshape(-1, 2)


def ct_pairs(number: int) -> tuple[Pair, ...]:
    """A stretch of a lower leg on two scanners, and on the second with half of its lesions alone."""
    seed = FIRST + number
    chance = np.random.default_rng([seed, 56])
    legs = make_legs(seed, Build("lower leg", "L", span_mm=SPAN_MM))
    fewer = replace(legs, contents=[(lesions[::2], pieces) for lesions, pieces in legs.contents])
    one, two, less = (_scan_leg(body, chance) for body in (legs, legs, fewer))
    same = _join(("CT", SAME, seed), one, two)
    if number % 2:
        return same, _join(("CT", "less", seed), two, less)
    return same, _join(("CT", "more", seed), less, two)


def _scan_leg(legs: Legs, chance: np.random.Generator) -> tuple[ImageRecord, dict[str, float]]:
    fine = float(chance.uniform(0.6, 0.8))
    spacing = (float(chance.choice([1.0, 1.25, 1.5])), fine, fine)
    scanner = Scanner(noise_hu=float(chance.uniform(9, 16)), blur_fwhm_mm=float(chance.uniform(0.65, 0.85)))
    shift_mm = (0.0, float(chance.uniform(0, spacing[1])), float(chance.uniform(0, spacing[2])))
    image, truth = scan_legs(legs, spacing, scanner, shift_mm)
    volume = sum(lesion.volume_mm3 for lesion in truth.lesions)
    return examine_image(image, "img-1")[0], {"ct.volume_mm3": volume}


def mammogram_pairs(number: int) -> tuple[Pair, ...]:
    """A breast with calcified arteries on two films: another dose and processing, turned, moved and pressed otherwise.

    Compression stretches the projection by some hundredths, which is part of what repeats badly.
    """
    seed = FIRST + number
    chance = np.random.default_rng([seed, 57])
    first = random_breast(seed, grade=1 + number % 3)
    second = replace(
        first,
        photons=first.photons * float(np.exp(chance.uniform(np.log(0.6), np.log(1.7)))),
        processing=float(np.clip(first.processing + chance.normal(0, 0.15), 0, 1)),
        blur_mm=first.blur_mm * float(np.exp(chance.normal(0, 0.15))),
    )
    films: list[Judged] = []
    for spec in (first, second):
        image = _press(breast(spec).image, chance)
        films.append((examine_image(image, "img-1")[0], {}))
    return (_join(("mammogram", SAME, seed), *films),)


def _press(image: Image, chance: np.random.Generator) -> Image:
    """A film of the same breast, turned by 3 degrees, moved by 4 mm and stretched by 3 % either way (SD)."""
    rows, columns = image.plane.shape
    pixel = image.require_pixel_mm()
    angle = np.radians(chance.normal(0, 3))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turn = turn @ np.diag(np.exp(chance.normal(0, 0.03, 2)))
    middle = np.array([columns, rows]) / 2
    moved = middle - turn @ middle + chance.normal(0, 4, 2) / pixel
    matrix = np.column_stack([turn, moved])
    plane = cv2.warpAffine(
        np.asarray(image.plane, np.float32),
        matrix,
        (columns, rows),
        flags=cv2.INTER_LANCZOS4,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return replace(image, pixels=np.asarray(plane, image.pixels.dtype)[None])


def scan_pairs(number: int) -> tuple[Pair, ...]:
    """A person scanned twice without change, and with a change of every segment."""
    person = FIRST + number
    chance = np.random.default_rng([person, 59])
    ratio = UPTAKE_CHANGE[number % 2]
    born = WholeBody(seed=person, person=person)
    first = _scan(born, {}, chance, seed=person, repeat_sd=SCAN_REPEAT_SD)
    same = _scan(born, {}, chance, seed=person + 5000, repeat_sd=SCAN_REPEAT_SD)
    change = {(name, side): ratio for name in LEVELS_MM for side in ("L", "R")}
    other = _scan(born, change, chance, seed=person + 9000, repeat_sd=SCAN_REPEAT_SD)
    scene = "less" if ratio < 1 else "more"
    return _compare(person, SAME, first, same, 1.0), _compare(person, scene, first, other, ratio)


def _scan(born: WholeBody, change: Any, chance: np.random.Generator, *, seed: int, repeat_sd: float) -> ImageRecord:
    again = follow_up(
        born,
        change,
        seed=seed,
        repeat_sd=repeat_sd,
        hours=float(chance.uniform(2.6, 3.4)),
        dose_mbq=float(chance.uniform(500, 900)),
    )
    real = replace(again, activity=float(np.exp(chance.normal(0, 0.03))))
    return examine_image(whole_body(real).image, "img-1")[0]


def _compare(seed: int, scene: str, one: ImageRecord, other: ImageRecord, ratio: float) -> Pair:
    comparison = compare(one, other, hours=None)
    found = {f"{segment.part}, {segment.side}": (segment.ratio, *segment.interval) for segment in comparison.segments}
    if comparison.overall is not None and comparison.overall_interval is not None:
        found["all"] = (comparison.overall, *comparison.overall_interval)
    return Pair(
        kind="scan",
        seed=seed,
        scene=scene,
        measures=({}, {}),
        truth=dict.fromkeys(found, ratio),
        found=found,
    )


Judged = tuple[ImageRecord, dict[str, float]]


def _join(name: tuple[Kind, str, int], one: Judged, other: Judged) -> Pair:
    kind, scene, seed = name
    return Pair(
        kind=kind,
        seed=seed,
        scene=scene,
        measures=(one[0].measures, other[0].measures),
        truth=_divide(one[1], other[1], scene),
    )


PAIRS: Final[Mapping[Kind, Callable[[int], tuple[Pair, ...]]]] = {
    "film": film_pairs,
    "large film": large_film_pairs,
    "CT": ct_pairs,
    "mammogram": mammogram_pairs,
    "scan": scan_pairs,
}
"""How the pairs of a number are made, by the kind of image."""
