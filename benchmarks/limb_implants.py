"""Calcified arteries of every morphology and nets, put into real limb films that nothing was trained on."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.accuracy import net_probability
from benchmarks.agreement import Mask
from benchmarks.limb_calcium import CalcifiedFilm, PutArtery, put_calcium, shown_at, visible_part
from benchmarks.limb_peers import judge_beside_peers
from benchmarks.limb_recall import NATIVE, UNKNOWN, JudgedLimb, SoughtArtery, is_found, recall_tables
from benchmarks.line_matching import PutLine, draw_calcified, draw_lines, overlap_of_lines, share_along
from benchmarks.patients import (
    CALF_MM,
    OPEN_LIMB_MM,
    PatientFilm,
    calves,
    first_of_each_patient,
    is_turned,
    open_limbs,
    read_upright,
)
from benchmarks.tables import Table, progress
from calcinet.errors import BadInput, NotMeasurable, Unreadable
from calcinet.image import Image
from calcinet.mask_labels import VESSEL
from calcinet.phantoms.implant import local_noise
from calcinet.phantoms.radiograph.net_confounders import NET_CONFOUNDERS, add_confounder
from calcinet.protocols import examine_image
from calcinet.record import ImageRecord

PROCESSES: Final = 2
"""Films examined side by side. Our choice: each needs up to 2 GB."""

FILMS: Final = 26
"""Of each set, each of another patient. Our choice: at least 25 are left where one has no room for calcium."""

PIXELS_MM: Final = (0.1, 0.14, 0.2, 0.28, 0.4)
"""At which the open films are shown again."""

FIRST_SEED: Final = 5000
CALF_SEED: Final = 6000


def limb_implant_tables(data: Path, films: int | None = None) -> list[Table]:
    """Recall, centre lines and nets on open limb films and on calves; empty where neither is there."""
    most = FILMS if films is None else films
    tasks = _number_films(first_of_each_patient(open_limbs(data))[:most], FIRST_SEED)
    tasks += _number_films([film for film in calves(data, CALF_MM)[:most] if not is_turned(film.read())], CALF_SEED)
    judged: list[JudgedLimb] = []
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        for number, result in enumerate(pool.map(_try_film, tasks), start=1):
            progress(f"calcium in limbs: film {number} of {len(tasks)}")
            if isinstance(result, str):
                progress(f"  left out: {result}")
            else:
                judged.append(result)
                found = sum(is_found(artery, NATIVE) for artery in result.arteries)
                progress(f"  {found} of {len(result.arteries)} arteries found, net {result.net_probability:.2f}")
    if not judged:
        return []
    return recall_tables(judged)


def _number_films(films: Sequence[PatientFilm], first_seed: int) -> list[tuple[PatientFilm, int]]:
    return [(film, first_seed + number) for number, film in enumerate(films)]


def _try_film(task: tuple[PatientFilm, int]) -> JudgedLimb | str:
    """A film, or the sentence that it was refused with; every other one gets a net."""
    film, seed = task
    try:
        return judge_limb(film, seed, net=seed % 2 == 0)
    except (BadInput, NotMeasurable, Unreadable) as refusal:
        return str(refusal)


def judge_limb(film: PatientFilm, seed: int, *, net: bool) -> JudgedLimb:
    """Put calcium into a film and examine it, as often as it is shown.

    Raises
    ------
    BadInput
        If it has no room for calcium.
    NotMeasurable, Unreadable
        If it is no film of a limb.
    """
    is_calf = film.spacing_mm != OPEN_LIMB_MM
    made = put_calcium(read_upright(film), film.spacing_mm or CALF_MM, seed, net=net)
    record, examined = examine_image(made.image, "img-1")
    found = examined.mask
    arteries = [_seek(artery, film.patient, is_calf=is_calf) for artery in made.arteries]
    _note(NATIVE, arteries, [artery.trunk for artery in made.arteries], found == VESSEL)
    _examine_shown(UNKNOWN, replace(made.image, spacing_mm=None, spacing_basis="none"), made, arteries)
    if not is_calf:
        for pixel_mm in PIXELS_MM:
            _examine_resampled(pixel_mm, made, arteries)
    found_lines = draw_lines([np.array(one.polyline) for one in record.findings_of("vessel")], found.shape)
    visible = [visible_part(line, made.mask) for line in made.lines]
    return JudgedLimb(
        patient=film.patient,
        arteries=tuple(arteries),
        lines=overlap_of_lines(found_lines, draw_calcified(made.lines, found.shape)),
        visible_lines=overlap_of_lines(found_lines, draw_calcified(visible, found.shape)),
        has_net=made.has_net,
        net_probability=_examine_net(made, record, seed),
        beside=judge_beside_peers(made, found, found_lines),
    )


def _seek(artery: PutArtery, patient: str, *, is_calf: bool) -> SoughtArtery:
    return SoughtArtery(
        patient=patient,
        is_calf=is_calf,
        morphology=artery.morphology,
        diameter_mm=artery.diameter_mm,
        contrast_in_noise=artery.contrast_in_noise,
    )


def _note(name: str, arteries: Sequence[SoughtArtery], trunks: Sequence[PutLine], vessels: Mask) -> None:
    for artery, trunk in zip(arteries, trunks, strict=True):
        artery.shares[name] = share_along(trunk, vessels)


def _examine_shown(name: str, image: Image, made: CalcifiedFilm, arteries: Sequence[SoughtArtery]) -> None:
    _, examined = examine_image(image, "img-1")
    _note(name, arteries, [artery.trunk for artery in made.arteries], examined.mask == VESSEL)


def _examine_resampled(pixel_mm: float, made: CalcifiedFilm, arteries: Sequence[SoughtArtery]) -> None:
    image, trunks = shown_at(made.image, pixel_mm, [artery.trunk for artery in made.arteries])
    _, examined = examine_image(image, "img-1")
    _note(f"{pixel_mm:g} mm", arteries, trunks, examined.mask == VESSEL)


def _examine_net(made: CalcifiedFilm, record: ImageRecord, seed: int) -> float:
    """Probability of the net that is there; without one, of the film with a trap over it."""
    if made.has_net:
        return net_probability(record)
    trap = list(NET_CONFOUNDERS)[seed // 2 % len(NET_CONFOUNDERS)]
    plane = made.image.plane
    over = add_confounder(plane, local_noise(plane), trap, np.random.default_rng([seed, 33]))
    record, _ = examine_image(replace(made.image, pixels=over[None]), "img-1")
    return net_probability(record)
