"""What the finder and the measurements make of films whose arteries and nets are known: what errors are learnt from."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.agreement import Mask
from benchmarks.known_films import FIT_SEEDS, MOSTLY, KnownFilm, cover_nets, known_films, true_calibre_mm
from calcinet.errors import NotMeasurable
from calcinet.findings.finding import Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.findings.radiograph.finder import find_calcium
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.measure.calibre.calibre import vessel_calibre
from calcinet.measure.net.marked_part import part_features
from calcinet.protocols.net_measures import CandidateNet, find_nets
from calcinet.protocols.optics import Optics, measure_optics
from calcinet.protocols.vessel_records import is_misleading


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArtery:
    """One marked line that holds a known artery, and its calibre by the fit alone."""

    film: int
    true_mm: float
    found_mm: float
    fit_sd: float
    first_mm: float
    pixel_mm: float
    length_mm: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNet:
    """The nets marked on one film, mostly where a known one is."""

    film: int
    true_cm2: float
    marked_cm2: float
    true_mesh_mm: float
    mesh_mm: float | None
    mesh_interval_mm: tuple[float, float] | None
    features: tuple[float, ...]
    """`part_features` of the largest."""

    probability: float
    line_to_noise: float
    """Contrast of the largest one's lines over the noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundParts:
    """All that was found on a number of films."""

    arteries: tuple[FoundArtery, ...]
    nets: tuple[FoundNet, ...]


def found_parts(count: int, data: Path, keep: Path | None = None) -> FoundParts:
    """Examine the first films that errors are learnt from; with `keep`, once: it is read where it is there."""
    if keep is not None and keep.is_file():
        return _read(keep)
    arteries: list[FoundArtery] = []
    nets: list[FoundNet] = []
    for number, film in enumerate(known_films(FIT_SEEDS[:count], data, "calibrate")):
        own, net = _examine(film, number)
        arteries += own
        nets += net
        found = FoundParts(arteries=tuple(arteries), nets=tuple(nets))
        if keep is not None:
            keep.with_suffix(".part").write_text(json.dumps(asdict(found)), "utf-8")
    if keep is not None:
        keep.write_text(json.dumps(asdict(found)), "utf-8")
    return found


def _read(path: Path) -> FoundParts:
    kept = json.loads(path.read_text("utf-8"))
    return FoundParts(
        arteries=tuple(FoundArtery(**row) for row in kept["arteries"]),
        nets=tuple(FoundNet(**row) for row in kept["nets"]),
    )


def _examine(film: KnownFilm, number: int) -> tuple[list[FoundArtery], list[FoundNet]]:
    try:
        regions = find_regions(film.image)
    except NotMeasurable:
        return [], []
    calcium, optics = find_calcium(film.image, regions), measure_optics(film.image, regions)
    nets = [net for net in find_nets(film.image, calcium, error_known=False) if net.is_called]
    return _measure_arteries(film, number, calcium, optics), _measure_nets(film, number, nets, optics)


def _measure_arteries(film: KnownFilm, number: int, calcium: Calcium, optics: Optics | None) -> list[FoundArtery]:
    found: list[FoundArtery] = []
    if optics is None:
        return found
    for vessel in (finding for finding in calcium.findings if finding.kind is Kind.VESSEL):
        line, half_width_px = vessel.centre_lines[0], vessel.half_width_px[0]
        true_mm = true_calibre_mm(film, line)
        if true_mm is None:
            continue
        try:
            calibre = vessel_calibre(
                film.image, line, half_width_px, noise_sd=optics.noise.sd, sharpness=optics.sharpness
            )
        except NotMeasurable:
            continue
        if calibre.calibre_mm is not None and not is_misleading(calibre):
            found.append(
                FoundArtery(
                    film=number,
                    true_mm=true_mm,
                    found_mm=calibre.calibre_mm,
                    fit_sd=calibre.fit_sd,
                    first_mm=2 * float(np.median(half_width_px)) * film.pixel_mm,
                    pixel_mm=film.pixel_mm,
                    length_mm=calibre.length_mm,
                    probability=vessel.probability or 0.0,
                )
            )
    return found


def _measure_nets(film: KnownFilm, number: int, nets: Sequence[CandidateNet], optics: Optics | None) -> list[FoundNet]:
    true = cover_nets(film)
    if not nets or not true.any() or not lies_on(nets[0], true):
        return []
    geometry, marked_cm2 = nets[0].geometry, sum(net.geometry.area_cm2 or 0.0 for net in nets)
    return [
        FoundNet(
            film=number,
            true_cm2=float(true.sum()) * film.pixel_mm**2 / 100,
            marked_cm2=marked_cm2,
            true_mesh_mm=film.nets[0].mesh_mm,
            mesh_mm=geometry.mesh_mm,
            mesh_interval_mm=geometry.mesh_mm_interval,
            features=tuple(part_features(geometry).tolist()),
            probability=nets[0].probability,
            line_to_noise=_measure_contrast(film, nets[0], optics),
        )
    ]


def lies_on(net: CandidateNet, true: Mask) -> bool:
    """Whether most of a marked net lies where one is, shape (Y, X)."""
    row, column = net.finding.origin
    height, width = net.patch.shape
    return bool(true[row : row + height, column : column + width][net.patch].mean() > MOSTLY)


def _measure_contrast(film: KnownFilm, net: CandidateNet, optics: Optics | None) -> float:
    """Median of the lines less median of the patch between them, over the noise."""
    if optics is None:
        return float("nan")
    row, column = net.finding.origin
    height, width = net.patch.shape
    piece = film.image.plane[row : row + height, column : column + width]
    lines, between = net.finding.mask & net.patch, net.patch & ~net.finding.mask
    return float((np.median(piece[lines]) - np.median(piece[between])) / optics.noise.sd)
