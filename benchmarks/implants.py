"""What calcinet and its peers find of calcium put into real films of sources that nothing was trained on."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import CALLED, Judged, Marks, best_marks, marks_table, net_probability
from benchmarks.agreement import Mask, auc, bootstrap, clopper_pearson
from benchmarks.films import Group, held_out
from benchmarks.ridges import PEERS, filtered
from benchmarks.tables import Cell, Table, progress
from calcinet.errors import BadInput, NotMeasurable, Unreadable
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.phantoms.implant import Implant, implant, local_noise
from calcinet.phantoms.radiograph.net_confounders import NET_CONFOUNDERS, add_confounder
from calcinet.phantoms.random_deposits import Kind
from calcinet.protocols import examine_image

PUT_IN: Final[tuple[tuple[Kind, ...], ...]] = (("vessel", "vessel"), ("net",), ("vessel", "net"))
"""By turns. Every film is examined once with calcium and once as it is."""

OVER_BONE: Final = 0.25
"""Share of the films whose calcium may lie over bone too."""

FIRST_SEED: Final = 3000

BINS: Final = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.01)
"""Ranges of the reliability diagram."""


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
    tables = [marks_table("Calcium put into real films", marks, present, note)]
    nets = np.array([film.net_probability for film in judged if film.has_net])
    return [*tables, *_call_tables(nets, _without_net(groups))]


def _without_net(groups: Sequence[Group]) -> dict[str, NDArray[np.float64]]:
    """Probabilities of a net on the films as they are, and with a trap over them."""
    bare: list[float] = []
    trapped: list[float] = []
    for number, (group, path) in enumerate(films_of(groups)):
        rng = np.random.default_rng([FIRST_SEED, 1, number])
        try:
            film = group.read(path)
        except Unreadable:
            continue
        trap = list(NET_CONFOUNDERS)[number % len(NET_CONFOUNDERS)]
        over = add_confounder(film.plane, local_noise(film.plane), trap, rng)
        for called, pixels in ((bare, film.pixels), (trapped, over[None])):
            record, _ = examine_image(replace(film, pixels=pixels), "img-1")
            called.append(net_probability(record))
    return {"as they are": np.array(bare), f"with a trap ({', '.join(NET_CONFOUNDERS)})": np.array(trapped)}


def _call_tables(nets: NDArray[np.float64], others: dict[str, NDArray[np.float64]]) -> list[Table]:
    none = np.concatenate(list(others.values()))
    scores, present = np.r_[nets, none], np.r_[np.ones(nets.size, bool), np.zeros(none.size, bool)]
    rows: list[tuple[Cell, ...]] = [
        ("AUC", bootstrap(lambda at: auc(scores[at], present[at]), scores.size), scores.size),
        ("nets called", clopper_pearson(int((nets >= CALLED).sum()), nets.size), nets.size),
    ]
    rows += [
        (f"false calls, films {name}", clopper_pearson(int((found >= CALLED).sum()), found.size), found.size)
        for name, found in others.items()
    ]
    note = f"Called: probability at least {CALLED}. Exact intervals; of the AUC by bootstrap over films."
    return [
        Table("Net present or absent on real films", ("measure", "calcinet", "films"), tuple(rows), note),
        _reliability(scores, present),
    ]


def _reliability(probability: NDArray[np.float64], present: Mask) -> Table:
    """How often a net is there where it is said to be so probable."""
    rows: list[tuple[Cell, ...]] = []
    for low, high in pairwise(BINS):
        inside = (probability >= low) & (probability < high)
        if inside.any():
            said = float(probability[inside].mean())
            rows.append(
                (f"{low:g} to {min(high, 1):g}", said, clopper_pearson(int(present[inside].sum()), int(inside.sum())))
            )
    note = "Of the films said to hold a net with a probability in the range, the share that does; exact intervals."
    return Table("Reliability of the probability of a net", ("said", "mean", "share with a net"), tuple(rows), note)


def judged_films(groups: Sequence[Group], *, peers: bool = True) -> list[Judged]:
    """Every film of the groups with calcium put in; those that are refused are left out and named by number."""
    judged = []
    films = films_of(groups)
    for number, (group, path) in enumerate(films):
        progress(f"film {number + 1} of {len(films)}: {group.name}")
        try:
            judged.append(judged_film(group.read(path), number, peers=peers))
        except (BadInput, NotMeasurable, Unreadable) as refusal:
            progress(f"  left out: {refusal}")
    return judged


def films_of(groups: Sequence[Group]) -> list[tuple[Group, Path]]:
    """Every film with its group, in an order that does not change: its place in it is the film's number."""
    return [(group, path) for group in groups for path in group.paths]


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
