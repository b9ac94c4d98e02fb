"""What calcinet and its peers find of calcium put into real films of sources that nothing was trained on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import Judged, Marks, best_marks, marks_table
from benchmarks.agreement import Mask
from benchmarks.films import Group, held_out
from benchmarks.ridges import PEERS, filtered
from benchmarks.tables import Table, progress
from calcinet.errors import BadInput, NotMeasurable, Unreadable
from calcinet.findings.regions import Tissue, find_regions
from calcinet.image import Image
from calcinet.phantoms.growth import Kind
from calcinet.phantoms.implant import Implant, implant
from calcinet.protocols import examine_image

PUT_IN: Final[tuple[tuple[Kind, ...], ...]] = (("vessel", "vessel"), ("net",), ("vessel", "net"))
"""By turns. Every film is examined once with calcium and once as it is."""

OVER_BONE: Final = 0.25
"""Share of the films whose calcium may lie over bone too."""

FIRST_SEED: Final = 3000


def implant_tables(data: Path) -> list[Table]:
    """Calcinet beside its peers on the films of `data`; empty where they are not there."""
    groups = held_out(data) if data.is_dir() else []
    if not groups:
        progress(f"implants skipped: no films in {data}; name the folder with --data")
        return []
    judged = list(judged_films(groups))
    marks = {"calcinet": Marks.of(judged)}
    marks |= {name: best_marks([film.peers[name] for film in judged]) for name in PEERS}
    present = np.array([film.has_net for film in judged])
    note = (
        f"{len(judged)} films of sources that nothing was trained on, once each, with arteries of 0.3 to 8 mm and nets "
        "of 2 to 12 mm meshes (in units of 0.2 mm a pixel where a film has no spacing), contrast from 2.5 times the "
        "local noise; a quarter of them over bone too. calcinet is judged on the whole film, its peers in soft tissue "
        "alone, without calcium of another kind, at the scales and the threshold that suit them best on these films."
    )
    return [marks_table("Calcium put into real films", marks, present, note)]


def judged_films(groups: Sequence[Group], *, peers: bool = True) -> list[Judged]:
    """Every film of the groups with calcium put in; those that are refused are left out and named by number."""
    judged = []
    paths = [(group, path) for group in groups for path in group.paths]
    for number, (group, path) in enumerate(paths):
        progress(f"film {number + 1} of {len(paths)}: {group.name}")
        try:
            judged.append(judged_film(group.read(path), number, peers=peers))
        except (BadInput, NotMeasurable, Unreadable) as refusal:
            progress(f"  left out: {refusal}")
    return judged


def judged_film(film: Image, number: int, *, peers: bool = True) -> Judged:
    """Put calcium into a film by its number, and examine it."""
    regions = find_regions(film)
    made = with_calcium(film, regions[Tissue.SOFT], regions[Tissue.BONE], number)
    record, examined = examine_image(replace(film, pixels=made.film[None]), "img-1")
    return Judged.by(
        record,
        examined.mask,
        made.mask,
        has_net=bool(made.nets),
        peers=filtered(made.film, regions[Tissue.SOFT], made.mask, made.noise_sd) if peers else {},
    )


def with_calcium(film: Image, soft: Mask, bone: Mask, number: int) -> Implant:
    """The film with the calcium that its number stands for."""
    rng = np.random.default_rng([FIRST_SEED, number])
    where: NDArray[np.bool_] = soft | bone if rng.random() < OVER_BONE else soft
    pixel_mm = min(film.pixel_mm) if film.pixel_mm else 0.2
    return implant(film.plane, where, PUT_IN[number % len(PUT_IN)], pixel_mm=pixel_mm, seed=FIRST_SEED + number)
