"""Fit true over measured volume of calcium on CT: `calcinet.measure.ct.volume_error`.

Run `python -m benchmarks.fit_ct_volume` (ten minutes and more): prints the constants. The legs are not those
that `python -m benchmarks --only ct` judges by: each is scanned several times, with slices, pixels, blur, kernel, noise
and the place of the slices by chance.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from benchmarks.ct import PARTS, matched, part_cut_out
from benchmarks.error_fit import quantile_fit
from benchmarks.tables import progress
from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.measure.ct.volume import Way, measure_part
from calcinet.measure.ct.volume_error import LEAST_SPREAD
from calcinet.phantoms.ct.leg import Build, Calcium, Scanner, make_legs, scan_legs
from calcinet.phantoms.ct.spec import SPANS_MM

SEEDS: Final = tuple(range(20, 60))
HEIGHT_MM: Final = 110.0
"""Of the stretch of a leg that is scanned: short, so that many are."""

SLICES_MM: Final = (0.6, 1.0, 2.0, 3.0, 5.0)
PIXELS_MM: Final = (0.5, 0.6, 0.7, 0.8)
SCANS: Final = 6
"""Of each leg."""

WEIGHTED: Final[dict[Way, list[int]]] = {"wall": [2, 3, 4], "ball": [3, 4, 5]}
"""Numbers of the features that the typical factor hangs on. Our choice: with these a thick part in thin slices keeps
its volume, and sums over legs that were left out are truest."""

ROUNDS: Final = 8
OUTLYING: Final = 0.3
"""Rounds of reweighting, and the error from which one counts less. Our choice."""

SPREAD: Final = [0, 2, 3]
"""Numbers of the features that the spread hangs on."""

SPREAD_SHARE: Final = 0.68
"""Share of the errors below one standard deviation."""

Values = NDArray[np.float64]
Spacing = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Error:
    """One lesion that was found in one part."""

    way: Way
    features: Values
    log_ratio: float
    """Of true over measured volume."""
    volume_mm3: float
    """True."""


def draw_errors(seed: int) -> Iterator[Error]:
    """The lesions of one leg in several scans."""
    rng = np.random.default_rng([seed, 9])
    part = PARTS[seed % 3]
    low, high = SPANS_MM[part]
    start = float(rng.uniform(low, high - HEIGHT_MM))
    build = Build(part, "L", span_mm=(start, start + HEIGHT_MM))
    amount = Calcium("patchy" if seed % 3 else "heavy", small_vessels=2, nets=0, in_skin=1, in_subcutis=4)
    legs = make_legs(seed, build, amount)
    for scan in range(SCANS):
        progress(f"volumes of leg {seed}, scan {scan + 1} of {SCANS}")
        image, truth = scan_legs(legs, *draw_scan(rng))
        match = matched(find_calcium_on_ct(image), truth)
        every = match.found.labels() > 0
        for number, one in enumerate(truth.lesions):
            parts = match.of(number)
            if len(parts) != 1 or match.touched[match.found.lesions.index(parts[0])] != (number,):
                continue
            raw = measure_part(*part_cut_out(image, match.found, parts[0], every))
            if raw.measured_mm3 > 0:
                ratio = float(np.log(one.volume_mm3 / raw.measured_mm3))
                yield Error(way=raw.way, features=raw.features, log_ratio=ratio, volume_mm3=one.volume_mm3)


def draw_scan(rng: np.random.Generator) -> tuple[Spacing, Scanner, Spacing]:
    """Spacing and scanner by chance, and how far the voxels are moved."""
    pixel = float(rng.choice(PIXELS_MM))
    spacing = (float(rng.choice(SLICES_MM)), pixel, pixel)
    scanner = Scanner(
        blur_fwhm_mm=float(rng.uniform(0.5, 0.9)),
        noise_hu=float(rng.uniform(6, 22)),
        kernel="soft" if rng.random() < 0.7 else "sharp",
    )
    z, y, x = (float(rng.uniform(-0.5, 0.5)) * mm for mm in spacing)
    return spacing, scanner, (z, y, x)


def fit_model(errors: Sequence[Error], way: Way) -> tuple[Values, Values]:
    """The typical factor by least squares in which large volumes weigh more, and its spread; shapes (6,) and (3,)."""
    own = [error for error in errors if error.way == way]
    features, value = np.array([error.features for error in own]), np.array([error.log_ratio for error in own])
    weights = np.zeros(features.shape[1])
    heavy = np.sqrt([error.volume_mm3 for error in own])
    weights[WEIGHTED[way]] = _fit_robustly(features[:, WEIGHTED[way]], value, heavy)
    rest = np.maximum(np.abs(value - features @ weights), LEAST_SPREAD)
    return weights, quantile_fit(features[:, SPREAD], rest, SPREAD_SHARE)


def _fit_robustly(design: Values, value: Values, weight: Values) -> Values:
    """Weighted least squares; what is farther off than `OUTLYING` counts less."""
    found: Values = np.zeros(design.shape[1])
    counted = weight
    for _ in range(ROUNDS):
        root = np.sqrt(counted)
        found = np.asarray(np.linalg.lstsq(design * root[:, None], value * root, rcond=None)[0], dtype=np.float64)
        counted = weight * np.minimum(1, OUTLYING / np.maximum(np.abs(value - design @ found), 1e-6))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_ct_volume", description=__doc__)
    parser.add_argument("--legs", type=int, default=len(SEEDS), help="use the first N legs")
    options = parser.parse_args()
    errors = [error for seed in SEEDS[: options.legs] for error in draw_errors(seed)]
    for way in get_args(Way):
        weights, spread = fit_model(errors, way)
        for name, numbers in (("weights", weights), ("spread", spread)):
            print(f"{way.upper()} {name}=np.array([{', '.join(f'{number:.2f}' for number in numbers)}])")
    print(f"{len(errors)} lesions")


if __name__ == "__main__":
    main()
