"""What calcinet marks on real films that hold no such calcium, and whether it calls a net put into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.accuracy import CALLED, net_probability
from benchmarks.agreement import Estimate, Indices, Overlap, bootstrap, clopper_pearson, pooled
from benchmarks.films import CALF, CALF_PIXEL_MM, Group, held_out, limbs
from benchmarks.implants import judged_films
from benchmarks.tables import Cell, Table, progress
from calcinet.errors import NotMeasurable, Unreadable
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.io import read
from calcinet.mask_labels import Tissue
from calcinet.phantoms.implant import implant_net
from calcinet.phantoms.truth import NET, OTHER, VESSEL
from calcinet.protocols import examine_image

IMPLANT_SEEDS: Final = tuple(range(5))
IMPLANT_LINE_MM: Final = 0.5
IMPLANT_MESH_MM: Final = 5.0
IMPLANT_CONTRAST_IN_NOISE: Final = 3.0
"""A net that a reader who looks for it can see."""

KINDS: Final = {"vessel": VESSEL, "net": NET, "focus": OTHER}


@dataclass(frozen=True, slots=True)
class RealFilm:
    """What was marked on one film."""

    net_probability: float
    net_marked: bool
    percent: dict[str, float]
    """Of its soft tissue, by kind."""


def real_tables(data: Path) -> list[Table]:
    """False marks by group, and implanted nets; empty where the films are not there."""
    if not data.is_dir():
        progress(f"real films skipped: no folder {data}; name it with --data")
        return []
    others = {group.name: _examined(group) for group in held_out(data)}
    by_anatomy = {group.name: _examined(group) for group in limbs(data)}
    rows = [_row(name, found) for name, found in others.items()]
    if others:
        rows.append(_row("all of these", [film for found in others.values() for film in found]))
    rows += [_row(name, found) for name, found in by_anatomy.items()]
    if by_anatomy:
        rows.append(_row("limb: all of them", [film for found in by_anatomy.values() for film in found]))
    if others and by_anatomy:
        rows.append(_row("all films", [film for found in (*others.values(), *by_anatomy.values()) for film in found]))
    note = (
        f"Films without a net. Called: probability at least {CALLED}, exact 95 % intervals; marked: any net outlined. "
        "Percent of the soft tissue that is marked: median of the films (90th percentile). On chests the middle third, "
        "with the aorta, is left out of it."
    )
    columns = (
        "films",
        "examined",
        "nets called",
        "share called",
        "nets marked",
        *(f"{kind} %" for kind in KINDS),
        "vessel and net %",
    )
    tables = [Table("False marks on real films", columns, tuple(rows), note)] if rows else []
    return [*tables, *_recalled(data), *_implanted(data)]


def _examined(group: Group) -> list[RealFilm | None]:
    """Each film of a group; None where it was refused."""
    progress(f"{group.name}: {len(group.paths)} films")
    return [_examined_film(path, group) for path in group.paths]


def _examined_film(path: Path, group: Group) -> RealFilm | None:
    try:
        return examined_film(group.read(path), without_middle=group.without_middle)
    except (Unreadable, NotMeasurable) as refusal:
        progress(f"  a film was refused: {refusal}")
        return None


def examined_film(image: Image, *, without_middle: bool = False) -> RealFilm:
    """Examine one film and sum what was marked in its soft tissue.

    Raises
    ------
    NotMeasurable
        If it shows no tissue.
    """
    record, examined = examine_image(image, "img-1")
    soft = find_regions(image)[Tissue.SOFT]
    if without_middle:
        columns = soft.shape[1]
        soft[:, columns // 3 : columns - columns // 3] = False
    marked = examined.mask[soft]
    return RealFilm(
        net_probability(record),
        any(finding.kind == "net" for finding in record.findings),
        {kind: 100 * float((marked == label).mean()) if marked.size else 0.0 for kind, label in KINDS.items()},
    )


def _row(name: str, films: Iterable[RealFilm | None]) -> tuple[Cell, ...]:
    every = list(films)
    found = [film for film in every if film is not None]
    called = sum(film.net_probability >= CALLED for film in found)
    return (
        name,
        f"{len(found)} of {len(every)}",
        called,
        clopper_pearson(called, len(found)),
        sum(film.net_marked for film in found),
        *(_percent([film.percent[kind] for film in found]) for kind in KINDS),
        _percent([film.percent["vessel"] + film.percent["net"] for film in found]),
    )


def _percent(values: Sequence[float]) -> str:
    if not values:
        return "-"
    return f"{np.median(values):.4f} ({np.percentile(values, 90):.4f})"


def _recalled(data: Path) -> list[Table]:
    """Silence alone is easy: what is found of calcium put into the same limb films."""
    judged = judged_films(limbs(data), peers=False)
    if not judged:
        return []
    rows = (
        ("vessels, pixels", _recall([film.vessel for film in judged])),
        ("nets, centre lines (2 px)", _recall([film.net_lines for film in judged])),
    )
    note = "Share of the calcium that is marked as what it is; as for the films above, by films."
    return [Table("Recall of calcium put into the limb films", ("what", "recall"), rows, note)]


def _recall(overlaps: Sequence[Overlap]) -> Estimate:
    def of(films: Indices) -> float:
        whole = pooled(overlaps[film] for film in films)
        return whole.seen / whole.true if whole.true else float("nan")

    return bootstrap(of, len(overlaps))


def _implanted(data: Path) -> list[Table]:
    """The calf with a net in its soft tissue, several times."""
    if not (data / CALF).is_file():
        progress("implanted nets skipped: the calf is not there")
        return []
    film = read(data / CALF, spacing_mm=CALF_PIXEL_MM)
    rows = []
    for seed in IMPLANT_SEEDS:
        progress(f"implanted net {seed + 1} of {len(IMPLANT_SEEDS)}")
        seen = examined_film(with_net(film, seed))
        called = "yes" if seen.net_probability >= CALLED else "no"
        rows.append((f"net {seed}", seen.net_probability, called, "yes" if seen.net_marked else "no"))
    note = f"Lines {IMPLANT_LINE_MM} mm, mesh {IMPLANT_MESH_MM} mm, contrast {IMPLANT_CONTRAST_IN_NOISE:g} x noise."
    return [Table("Nets put into the calf", ("net", "probability", "called", "marked"), tuple(rows), note)]


def with_net(film: Image, seed: int) -> Image:
    """The film with a net somewhere in its soft tissue."""
    where = find_regions(film)[Tissue.SOFT]
    implant = implant_net(
        film.plane,
        where,
        mesh_px=IMPLANT_MESH_MM / CALF_PIXEL_MM,
        line_px=IMPLANT_LINE_MM / CALF_PIXEL_MM,
        contrast_in_noise=IMPLANT_CONTRAST_IN_NOISE,
        seed=seed,
    )
    return replace(film, pixels=implant.film[None])
