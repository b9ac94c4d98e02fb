"""What calcinet and its peers find on generated films whose truth is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Estimate, Indices, Mask, Overlap, auc, bootstrap, clopper_pearson, pooled
from benchmarks.calibres import CalibrePair, calibre_pairs, calibre_table, vessels_of
from benchmarks.phantoms import acceptance_phantom
from benchmarks.ridges import PEERS, Filtered, best_setting, filtered
from benchmarks.tables import Cell, Table, progress
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.mask_labels import Tissue
from calcinet.phantoms.truth import BONE, METAL, NET, SOFT, VESSEL
from calcinet.protocols import examine_image
from calcinet.record import ImageRecord

CALLED: Final = 0.5
"""A film with at least this probability of a net is called."""


PHANTOMS_NOTE: Final = (
    "{} phantoms. calcinet is judged on the whole film. Its peers are judged in true soft tissue, without calcium of "
    "another kind, at the scales (1 to 8 pixels or 1 alone) and the threshold that suit them best on these very films; "
    "their score for a net is the share of soft tissue above it."
)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One film whose truth is known, examined by calcinet and by its peers."""

    vessel: Overlap
    net: Overlap
    net_lines: Overlap
    net_probability: float
    has_net: bool
    peers: dict[str, Filtered]

    @classmethod
    def by(cls, record: ImageRecord, found: NDArray[np.uint8], truth: NDArray[np.uint8], **rest: Any) -> Self:
        """Compare two label maps of one shape (Y, X)."""
        return cls(
            vessel=Overlap.of_pixels(found == VESSEL, truth == VESSEL),
            net=Overlap.of_pixels(found == NET, truth == NET),
            net_lines=Overlap.of_lines(found == NET, truth == NET),
            net_probability=net_probability(record),
            **rest,
        )


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPhantom(Judged):
    """The same of a phantom, whose regions and calibres are known too."""

    bone: Overlap
    body: Overlap
    calibres: list[CalibrePair]
    vessels_marked: int


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What one method marked on every film."""

    vessel: Sequence[Overlap]
    net: Sequence[Overlap]
    net_lines: Sequence[Overlap]
    net_score: NDArray[np.float64]

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> Self:
        """What calcinet marked."""
        return cls(
            [one.vessel for one in judged],
            [one.net for one in judged],
            [one.net_lines for one in judged],
            np.array([one.net_probability for one in judged]),
        )


def accuracy_tables(seeds: Sequence[int]) -> list[Table]:
    """Examine the phantoms of these seeds and set calcinet beside its peers."""
    judged = []
    for number, seed in enumerate(seeds, start=1):
        progress(f"phantom {number} of {len(seeds)}")
        judged.append(judge(seed))
    progress("thresholds of the peers")
    methods = {"calcinet": Marks.of(judged)}
    methods |= {name: best_marks([one.peers[name] for one in judged]) for name in PEERS}
    present = np.array([one.has_net for one in judged])
    return [
        marks_table("Vessels and nets on phantoms", methods, present, PHANTOMS_NOTE.format(len(judged))),
        _calls_table(methods["calcinet"].net_score, present),
        calibre_table([one.calibres for one in judged], sum(one.vessels_marked for one in judged)),
        _regions_table(judged),
    ]


def judge(seed: int, *, peers: bool = True) -> JudgedPhantom:
    """Make one phantom, examine it, by the peers too unless told not to, and keep the counts."""
    phantom = acceptance_phantom(seed)
    truth = phantom.truth
    record, examined = examine_image(phantom.image, "img-1")
    bone, body = _region_overlaps(find_regions(phantom.image).labels, truth.regions)
    return JudgedPhantom.by(
        record,
        examined.mask,
        truth.mask,
        has_net=bool(truth.nets),
        peers=filtered(phantom.image.plane, truth.regions == SOFT, truth.mask, truth.noise_sd) if peers else {},
        bone=bone,
        body=body,
        calibres=calibre_pairs(phantom, record),
        vessels_marked=len(vessels_of(record)),
    )


def net_probability(record: ImageRecord) -> float:
    """The record's probability of a net; 0 where the film was refused."""
    return record.measures.get("net.probability") or 0.0


def _region_overlaps(found: NDArray[np.uint8], true: NDArray[np.uint8]) -> tuple[Overlap, Overlap]:
    """Agreement of bone, and of bone and soft tissue together, outside true metal."""
    there = true != METAL
    bone = Overlap.of_pixels((found == Tissue.BONE) & there, true == BONE)
    return bone, Overlap.of_pixels(_body(found) & there, _body(true))


def _body(regions: NDArray[np.uint8]) -> Mask:
    return np.asarray((regions == SOFT) | (regions == BONE))


def best_marks(films: Sequence[Filtered]) -> Marks:
    """A peer at its best setting for vessels, and at its best for nets."""
    vessels, vessel_threshold = best_setting(films, VESSEL)
    nets, net_threshold = best_setting(films, NET)
    return Marks(
        [film.overlap(VESSEL, vessel_threshold) for film in vessels],
        [film.overlap(NET, net_threshold) for film in nets],
        [film.line_overlap(NET, net_threshold) for film in nets],
        np.array([film.share_above(net_threshold) for film in nets]),
    )


def marks_table(title: str, methods: dict[str, Marks], present: Mask, note: str) -> Table:
    """Every method's agreement with truth, side by side; `present` says which films hold a net."""
    measures: tuple[tuple[str, Callable[[Marks], Estimate]], ...] = (
        ("vessels, Dice of all pixels", lambda marks: _pooled_dice(marks.vessel)),
        ("vessels, mean Dice of films with vessels", lambda marks: _mean_dice(marks.vessel)),
        ("nets, Dice of all pixels", lambda marks: _pooled_dice(marks.net)),
        ("nets, mean Dice of films with nets", lambda marks: _mean_dice(marks.net)),
        ("nets, Dice of all centre lines (2 px)", lambda marks: _pooled_dice(marks.net_lines)),
        ("nets, mean centre-line Dice of films with nets", lambda marks: _mean_dice(marks.net_lines)),
        ("net present or absent, AUC", lambda marks: _auc(marks.net_score, present)),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(measure(marks) for marks in methods.values())) for name, measure in measures
    )
    return Table(title, ("measure", *methods), rows, note)


def _pooled_dice(overlaps: Sequence[Overlap]) -> Estimate:
    return bootstrap(lambda films: pooled(overlaps[film] for film in films).dice, len(overlaps))


def _mean_dice(overlaps: Sequence[Overlap]) -> Estimate:
    dice = np.array([overlap.dice for overlap in overlaps if overlap.true])
    return bootstrap(lambda films: float(dice[films].mean()) if dice.size else float("nan"), len(dice))


def _auc(scores: NDArray[np.float64], present: Mask) -> Estimate:
    def of(films: Indices) -> float:
        return auc(scores[films], present[films])

    return bootstrap(of, len(scores))


def _calls_table(probability: NDArray[np.float64], present: Mask) -> Table:
    called = probability >= CALLED
    rows = tuple(
        (name, clopper_pearson(int(films.sum()), films.size), films.size)
        for name, films in (("sensitivity", called[present]), ("false calls", called[~present]))
    )
    note = f"Called: probability of a net at least {CALLED}; exact intervals. Some films without a net hold a trap."
    return Table("Nets called on phantoms", ("measure", "calcinet", "films"), rows, note)


def _regions_table(judged: Sequence[JudgedPhantom]) -> Table:
    rows = tuple(
        (name, _pooled_dice(overlaps), _mean_dice(overlaps), min(overlap.dice for overlap in overlaps))
        for name, overlaps in (("bone", [one.bone for one in judged]), ("body", [one.body for one in judged]))
    )
    return Table("Regions on phantoms, Dice", ("region", "all pixels", "mean of films", "worst film"), rows)
