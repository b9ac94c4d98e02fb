"""What calcinet and its peers mark in a square of a film that calcium was put into."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Estimate, Indices, Mask, Overlap, pooled
from benchmarks.limb_calcium import CalcifiedFilm
from benchmarks.line_matching import draw_calcified, overlap_of_lines
from benchmarks.patients import by_patient
from benchmarks.ridges import PEERS, Filtered, RidgedFilm, best_setting, filtered
from calcinet.mask_labels import NET, VESSEL

SIDE_PX: Final = 640
"""Our choice: on whole films the peers would take most of the time of the run."""

SPARSE: Final = 16
"""Every so many pixels a square is tried."""

WALLS: Final = "walls of vessels, pixels"
LINES: Final = "centre lines of vessels"
NETS: Final = "centre lines of nets"
MEASURES: Final = (WALLS, LINES, NETS)

Overlaps = dict[str, list[Overlap]]
"""By measure, of every film."""

Window = tuple[slice, slice]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class BesidePeers:
    """One film, within its square."""

    own: dict[str, Overlap]
    """Of calcinet, by measure."""
    peers: dict[str, Filtered]
    true_lines: Mask
    """Centre lines that were drawn, shape of the square."""


def find_window(mask: NDArray[np.uint8]) -> Window:
    """The square of `SIDE_PX`, cut off at the film's edges, that holds most calcium; the first of several."""
    rows, columns = mask.shape
    height, width = min(SIDE_PX, rows), min(SIDE_PX, columns)
    sums = np.pad((mask > 0).astype(np.int64), ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    held = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    tried = held[::SPARSE, ::SPARSE]
    top, left = (SPARSE * int(at) for at in np.unravel_index(int(np.argmax(tried)), tried.shape))
    return slice(top, top + height), slice(left, left + width)


def judge_beside_peers(made: CalcifiedFilm, found: NDArray[np.uint8], found_lines: Mask) -> BesidePeers:
    """Run the peers on a square of a film, and cut the marks of calcinet to it.

    Parameters
    ----------
    made
        The film and its truth.
    found
        Label map of calcinet, shape (Y, X).
    found_lines
        Centre lines of its vessels, same shape.
    """
    here = find_window(made.mask)
    true_lines = draw_calcified(made.lines, made.mask.shape)[here]
    truth, marked = made.mask[here], found[here]
    own = {
        WALLS: Overlap.of_pixels(marked == VESSEL, truth == VESSEL),
        LINES: overlap_of_lines(found_lines[here], true_lines),
        NETS: overlap_of_lines(marked == NET, truth == NET),
    }
    plane = np.ascontiguousarray(made.image.plane[here])
    soft = _fill_if_empty(made.soft[here])
    return BesidePeers(own=own, peers=filtered(plane, soft, truth, made.noise_sd[here]), true_lines=true_lines)


def _fill_if_empty(soft: Mask) -> Mask:
    if soft.any():
        return soft
    return np.ones_like(soft)


def best_peers(films: Sequence[BesidePeers]) -> dict[str, Overlaps]:
    """Each peer, by name, at the scales and threshold that suit its walls, or its nets, best on these very films."""
    found: dict[str, Overlaps] = {}
    for name in PEERS:
        filtered_films = [film.peers[name] for film in films]
        vessels, vessel_level = best_setting(filtered_films, VESSEL)
        nets, net_level = best_setting(filtered_films, NET)
        found[name] = {
            WALLS: [film.overlap(VESSEL, vessel_level) for film in vessels],
            LINES: [
                overlap_of_lines(_mark(film, vessel_level), one.true_lines)
                for film, one in zip(vessels, films, strict=True)
            ],
            NETS: [film.line_overlap(NET, net_level) for film in nets],
        }
    return found


def _mark(film: RidgedFilm, level: int) -> Mask:
    """What a peer marks for vessels, shape of the square."""
    marked = np.zeros(film.soft.shape, bool)
    marked[film.soft] = (film.levels >= level) & film.considered(VESSEL)
    return marked


def error_ratio(own: Sequence[Overlap], peer: Sequence[Overlap], patients: Sequence[str]) -> Estimate:
    """1 - Dice over the peer's 1 - Dice, all films pooled, patients resampled."""

    def of(at: Indices) -> float:
        error = 1 - pooled(peer[film] for film in at).dice
        if not error > 0:
            return float("nan")
        return (1 - pooled(own[film] for film in at).dice) / error

    return by_patient(of, patients)
