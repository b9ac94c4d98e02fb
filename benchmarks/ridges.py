"""The peers: scikit-image's frangi and sato, and ITK's objectness, each at the one threshold that suits it best.

They are judged generously. Only true soft tissue counts, so that bone edges and the skin line cost nothing, and calcium
of another kind than the one in question is left out. Scales and threshold are chosen on the very films they are judged
on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from skimage.filters import frangi, sato

from benchmarks.agreement import Mask, Overlap

SIGMAS_PX: Final = ((1, 2, 3, 4, 6, 8), (1,))
"""Scales from a net's line to a femoral artery; or the finest alone, where the wide ones, which answer to folds and
muscles, do a filter more harm than good. On these films no other choice among 1 to 8 did better."""

Sigmas = tuple[int, ...]

LEVELS: Final = 1 << 15
"""Levels of a response that is not negative, to within 0.8 %: the upper half of its bits as a 32-bit float."""

Plane = NDArray[np.float32]


def frangi_ridges(plane: Plane, sigmas: Sigmas) -> Plane:
    """Vesselness of bright lines, the largest over `sigmas`."""
    return np.asarray(frangi(plane, sigmas=sigmas, black_ridges=False), np.float32)


def sato_ridges(plane: Plane, sigmas: Sigmas) -> Plane:
    """Tubeness of bright lines, the largest over `sigmas`."""
    return np.asarray(sato(plane, sigmas=sigmas, black_ridges=False), np.float32)


def objectness(plane: Plane, sigmas: Sigmas) -> Plane:
    """ITK's objectness of bright lines, the largest over `sigmas` of the response normalised for scale.

    ITK's own parameters. Its gamma of 5 is in grey levels; on a film in units of its noise that is faint calcium.
    """
    film = SimpleITK.GetImageFromArray(plane)
    best = np.zeros(plane.shape, np.float32)
    for sigma in sigmas:
        smooth = SimpleITK.SmoothingRecursiveGaussian(film, float(sigma)) * float(sigma**2)
        measured = SimpleITK.ObjectnessMeasure(smooth, objectDimension=1, brightObject=True)
        best = np.maximum(best, SimpleITK.GetArrayFromImage(measured).astype(np.float32))
    return best


PEERS: Final[Mapping[str, Callable[[Plane, Sigmas], Plane]]] = {
    "frangi": frangi_ridges,
    "sato": sato_ridges,
    "objectness": objectness,
}


@dataclass(frozen=True, slots=True, eq=False)
class RidgedFilm:
    """What a peer made of one film's soft tissue; all of shape (N,), save `soft`."""

    levels: NDArray[np.uint16]
    """Response in steps of `LEVELS`, in soft tissue."""
    mask: NDArray[np.uint8]
    """`Truth.mask` there."""
    soft: Mask
    """Shape (Y, X)."""

    def considered(self, kind: int) -> Mask:
        """Soft tissue without calcium of another kind."""
        return np.asarray((self.mask == 0) | (self.mask == kind))

    def overlap(self, kind: int, threshold: int) -> Overlap:
        """Agreement with the calcium of a kind at a threshold."""
        considered = self.considered(kind)
        return Overlap.of_pixels((self.levels >= threshold)[considered], (self.mask == kind)[considered])

    def line_overlap(self, kind: int, threshold: int) -> Overlap:
        """The same of centre lines."""
        marked, true = np.zeros(self.soft.shape, bool), np.zeros(self.soft.shape, bool)
        marked[self.soft] = (self.levels >= threshold) & self.considered(kind)
        true[self.soft] = self.mask == kind
        return Overlap.of_lines(marked, true)

    def share_above(self, threshold: int) -> float:
        """Share of the soft tissue above a threshold."""
        return float((self.levels >= threshold).mean()) if self.levels.size else 0.0


Filtered = tuple[RidgedFilm, ...]
"""One film by one peer, at each of `SIGMAS_PX`."""


def filtered(plane: Plane, soft: Mask, truth: NDArray[np.uint8], noise_sd: Plane) -> dict[str, Filtered]:
    """Run every peer on a film, given to it in units of its noise; `truth` is as `Truth.mask`."""
    in_noise = plane / np.float32(np.median(noise_sd[soft]))
    mask = truth[soft]
    return {
        name: tuple(RidgedFilm(levels(peer(in_noise, sigmas)[soft]), mask, soft) for sigmas in SIGMAS_PX)
        for name, peer in PEERS.items()
    }


def best_setting(films: Sequence[Filtered], kind: int) -> tuple[tuple[RidgedFilm, ...], int]:
    """The films at the scales, and the threshold, with the highest Dice of a kind over all of them together."""
    settings = [(one, *best_threshold(one, kind)) for one in zip(*films, strict=True)]
    chosen, threshold, _ = max(settings, key=lambda setting: setting[2])
    return chosen, threshold


def best_threshold(films: Sequence[RidgedFilm], kind: int) -> tuple[int, float]:
    """The threshold, in steps of `LEVELS`, with the highest Dice over all films together, and that Dice."""
    hits, marked = np.zeros(LEVELS, np.int64), np.zeros(LEVELS, np.int64)
    for film in films:
        marked += np.bincount(film.levels[film.considered(kind)], minlength=LEVELS)
        hits += np.bincount(film.levels[film.mask == kind], minlength=LEVELS)
    hits_above, marked_above = np.cumsum(hits[::-1])[::-1], np.cumsum(marked[::-1])[::-1]
    dice = 2 * hits_above / np.maximum(marked_above + hits.sum(), 1)
    best = 1 + int(np.argmax(dice[1:]))
    return best, float(dice[best])


def levels(response: Plane) -> NDArray[np.uint16]:
    """Responses as whole numbers in the same order; what is negative is 0."""
    bits = np.maximum(np.ascontiguousarray(response, np.float32), np.float32(0)).view(np.uint32) >> np.uint32(16)
    return bits.astype(np.uint16)
