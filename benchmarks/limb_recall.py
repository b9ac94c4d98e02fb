"""Figures of calcium put into limb films: recall by size, contrast and look, centre lines, nets, and the peers'."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.accuracy import CALLED
from benchmarks.agreement import Estimate, Indices, Overlap, auc, pooled
from benchmarks.goals import Figure, Goal, at_least, at_most, figure_table, log_figures
from benchmarks.limb_calcium import MORPHOLOGIES
from benchmarks.limb_peers import LINES, MEASURES, WALLS, BesidePeers, Overlaps, best_peers, error_ratio
from benchmarks.patients import by_patient, share_by_patient
from benchmarks.tables import Cell, Table

NATIVE: Final = "native"
UNKNOWN: Final = "no spacing"

LEAST_MARKED: Final = 0.25
"""Share of the calcified length of a trunk that is marked where it counts as found."""

ASKED_MM: Final = 1.0
ASKED_IN_NOISE: Final = 4.0
"""An artery as wide and as clear as this must be found."""

BANDS_MM: Final = ((0.0, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.5))
BANDS_IN_NOISE: Final = ((0.0, ASKED_IN_NOISE), (ASKED_IN_NOISE, 99.0))

FOUND_NATIVE: Final = at_least(0.85)
FOUND_SHOWN: Final = at_least(0.80)
LINE_DICE: Final = at_least(0.75)
NETS_CALLED: Final = at_least(0.90)
NET_AUC: Final = at_least(0.98)
ERROR: Final = at_most(0.4)
"""1 - Dice over 1 - Dice of the best peer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtArtery:
    """An artery that was put in, and how much of it was marked."""

    patient: str
    is_calf: bool
    morphology: str
    diameter_mm: float
    contrast_in_noise: float
    shares: dict[str, float] = field(default_factory=dict)
    """Share of the calcified length of its trunk that is marked, by what the film was shown as."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class JudgedLimb:
    """One film with calcium, examined."""

    patient: str
    arteries: tuple[SoughtArtery, ...]
    lines: Overlap
    """Centre lines of vessels, as drawn and as found."""
    visible_lines: Overlap
    """The same of what can be seen of them."""
    has_net: bool
    net_probability: float
    """Of the film with its net; of one without, with a trap over it."""
    beside: BesidePeers


Choice = Callable[[SoughtArtery], bool]


def recall_tables(judged: Sequence[JudgedLimb]) -> list[Table]:
    """Every figure beside its goal, logged, and recall in detail."""
    arteries: list[SoughtArtery] = []
    for film in judged:
        arteries += film.arteries
    figures = [*_count_found(arteries), *_compare_lines(judged), *_count_nets(judged), *_compare_peers(judged)]
    log_figures("limb-implants", figures)
    note = (
        f"{len(arteries)} arteries in {len(judged)} films of as many patients. Found: {LEAST_MARKED:g} of the "
        "calcified length of the trunk has a pixel marked vessel within its outer radius and 2 pixels. Centre "
        "lines: of trunks and branches wherever calcium was put, within 2 pixels, all films pooled; seen: where "
        "calcium is at least twice the noise. AUC: half of the films hold a net, the others a trap. Error: 1 - Dice "
        "over that of the best of frangi, sato and objectness, each at the scales and threshold that suit it best, "
        "in the square of each film that holds most calcium. Intervals resample patients."
    )
    return [
        figure_table("Calcium put into limb films", figures, note),
        _tabulate_sizes(arteries),
        _tabulate_morphologies(arteries),
    ]


def is_asked(artery: SoughtArtery) -> bool:
    """Whether an artery is as wide and as clear as those that must be found."""
    return artery.diameter_mm >= ASKED_MM and artery.contrast_in_noise >= ASKED_IN_NOISE


def is_found(artery: SoughtArtery, shown: str) -> bool:
    """Whether enough of an artery was marked on the film shown as `shown`."""
    return artery.shares[shown] >= LEAST_MARKED


def count_found(arteries: Sequence[SoughtArtery], shown: str) -> tuple[Estimate, int]:
    """Share of the arteries found on films shown as `shown`, and how many were looked for."""
    looked_for = [artery for artery in arteries if np.isfinite(artery.shares.get(shown, np.nan))]
    hits = [is_found(artery, shown) for artery in looked_for]
    return share_by_patient(hits, [artery.patient for artery in looked_for]), len(hits)


def _count_found(arteries: Sequence[SoughtArtery]) -> list[Figure]:
    asked = [artery for artery in arteries if is_asked(artery)]
    limbs, calves = [one for one in asked if not one.is_calf], [one for one in asked if one.is_calf]
    what = f"arteries from {ASKED_MM:g} mm, from {ASKED_IN_NOISE:g} x noise, found"
    figures = [_make_figure(f"{what}: {NATIVE}", asked, NATIVE, FOUND_NATIVE)]
    for name, some in (("open limbs", limbs), ("calves", calves)):
        figures.append(_make_figure(f"{what}: {NATIVE}, {name}", some, NATIVE, None))
        figures.append(_make_figure(f"{what}: {UNKNOWN}, {name}", some, UNKNOWN, FOUND_SHOWN))
    for shown in _list_sizes(arteries):
        figures.append(_make_figure(f"{what}: at {shown}", limbs, shown, FOUND_SHOWN))
    return figures


def _make_figure(name: str, arteries: Sequence[SoughtArtery], shown: str, goal: Goal | None) -> Figure:
    reached, of = count_found(arteries, shown)
    return Figure(name=name, reached=reached, of=of, goal=goal)


def _list_sizes(arteries: Sequence[SoughtArtery]) -> list[str]:
    """Pixel sizes that films were shown at, in order."""
    shown: set[str] = set()
    for artery in arteries:
        shown |= set(artery.shares)
    return sorted(shown - {NATIVE, UNKNOWN})


def _sum_dice(overlaps: Sequence[Overlap], patients: Sequence[str]) -> Estimate:
    return by_patient(lambda at: pooled(overlaps[film] for film in at).dice, patients)


def _compare_lines(judged: Sequence[JudgedLimb]) -> list[Figure]:
    patients, of = [film.patient for film in judged], len(judged)
    whole, seen = [film.lines for film in judged], [film.visible_lines for film in judged]
    return [
        Figure(name="vessels, centre-line Dice", reached=_sum_dice(whole, patients), of=of, goal=LINE_DICE),
        Figure(name="vessels, centre-line Dice, seen calcium", reached=_sum_dice(seen, patients), of=of),
    ]


def _count_nets(judged: Sequence[JudgedLimb]) -> list[Figure]:
    scores = np.array([film.net_probability for film in judged])
    present = np.array([film.has_net for film in judged])
    patients = np.array([film.patient for film in judged])

    def rank(at: Indices) -> float:
        return auc(scores[at], present[at])

    called = share_by_patient(scores[present] >= CALLED, patients[present].tolist())
    false = share_by_patient(scores[~present] >= CALLED, patients[~present].tolist())
    number = int(present.sum())
    return [
        Figure(name="nets called", reached=called, of=number, goal=NETS_CALLED),
        Figure(name="traps called a net", reached=false, of=len(judged) - number),
        Figure(name="net or trap, AUC", reached=by_patient(rank, patients.tolist()), of=len(judged), goal=NET_AUC),
    ]


def _compare_peers(judged: Sequence[JudgedLimb]) -> list[Figure]:
    """Dice of calcinet and of the best peer, and the ratio of their errors, by measure."""
    patients, of = [film.patient for film in judged], len(judged)
    peers = best_peers([film.beside for film in judged])
    figures = []
    for measure in MEASURES:
        own = [film.beside.own[measure] for film in judged]
        name = _name_best(peers, measure)
        best = peers[name][measure]
        goal = ERROR if measure in (WALLS, LINES) else None
        ratio = error_ratio(own, best, patients)
        figures += [
            Figure(name=f"{measure}: Dice in the square", reached=_sum_dice(own, patients), of=of),
            Figure(name=f"{measure}: Dice of {name}", reached=_sum_dice(best, patients), of=of),
            Figure(name=f"{measure}: error over that of {name}", reached=ratio, of=of, goal=goal),
        ]
    return figures


def _name_best(peers: dict[str, Overlaps], measure: str) -> str:
    return max(peers, key=lambda name: np.nan_to_num(pooled(peers[name][measure]).dice))


def _tabulate_sizes(arteries: Sequence[SoughtArtery]) -> Table:
    """Recall by diameter and contrast."""
    shown = (NATIVE, UNKNOWN, *_list_sizes(arteries))
    rows: list[tuple[Cell, ...]] = []
    for low, high in BANDS_MM:
        for faint, clear in BANDS_IN_NOISE:
            band = [
                artery
                for artery in arteries
                if low <= artery.diameter_mm < high and faint <= artery.contrast_in_noise < clear
            ]
            contrast = f"below {clear:g} x" if not faint else f"from {faint:g} x"
            rows.append((f"{low:g} to {high:g} mm, {contrast} noise", *_list_found(band, shown)))
    note = "Arteries found of those put in; at each pixel size and by patients as above."
    return Table("Recall by diameter and contrast", ("arteries", *shown), tuple(rows), note)


def _tabulate_morphologies(arteries: Sequence[SoughtArtery]) -> Table:
    """Recall by morphology, of arteries that must be found."""
    shown = (NATIVE, UNKNOWN, *_list_sizes(arteries))
    rows: list[tuple[Cell, ...]] = []
    for morphology in MORPHOLOGIES:
        alike = [artery for artery in arteries if artery.morphology == morphology]
        rows.append((morphology, *_list_found([one for one in alike if is_asked(one)], shown)))
        rows.append(
            (f"{morphology}, narrower or fainter", *_list_found([one for one in alike if not is_asked(one)], shown))
        )
    note = f"Of arteries from {ASKED_MM:g} mm and from {ASKED_IN_NOISE:g} x noise, and of the others."
    return Table("Recall by morphology", ("arteries", *shown), tuple(rows), note)


def _list_found(arteries: Sequence[SoughtArtery], shown: Sequence[str]) -> list[str]:
    """Found and looked for, one cell for each way that films were shown."""
    cells = []
    for name in shown:
        share, of = count_found(arteries, name)
        text = "-"
        if of:
            text = f"{round(share.value * of)} of {of} ({share.low:.2f} to {share.high:.2f})"
        cells.append(text)
    return cells
