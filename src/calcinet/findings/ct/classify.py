"""What each bright part is: artery, net, small vessel, focus, or something that is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.ct import exclusions
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.artery_paths import Path, find_paths
from calcinet.findings.ct.classify_trunk import find_trunk, name_in_trunk
from calcinet.findings.ct.components import Tissue
from calcinet.findings.ct.deposit import SIDE, Deposit, joined
from calcinet.findings.ct.nets import Net, find_nets
from calcinet.findings.ct.surroundings import Surroundings, surroundings
from calcinet.findings.finding import Kind
from calcinet.image import Image

Name = Literal["bone", "ossicle", "metal", "stone", "bowel", "phlebolith", "foreign"]

WALL: Final = "wall"
"""What the trunk calls calcium of its wall, which is soft tissue's."""

NET_DEPTH_MM: Final = 9.0
"""Parts of a net lie no deeper. Our choice: where the subcutis is thin, coarse fascia may be drawn above a net."""

LEAST_BUNDLED: Final = 0.5
"""Share of its slices in which a part lies in a bundle of vessels, or goes round a lumen, for it to be an artery's. Our
choice."""

ROW_FAT: Final = 0.12
"""Share of fat about a part from which it may belong to a row of plaques. Our choice: vessels lie in fat."""

TUBE_MM: Final = 12.0
"""A deep tubular part this long belongs to an artery whatever lies about it. Our choice: no other calcium is so."""

ON_PATH_MM: Final = 6.0
"""Deep parts so near to an artery's line are its own. Our choice: half the width of a popliteal artery and its wall."""

LONG_MM: Final = 8.0
"""A tubular part of the subcutis this long is a small vessel. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Parts with their names."""

    lesions: tuple[Deposit, ...]
    paths: tuple[Path, ...]
    left_out: dict[Name, int]


def named(
    image: Image,
    anatomy: Anatomy,
    lesions: Sequence[Deposit],
    *,
    muscle: Tissue,
    skin_mm: float,
    arteries: Mask | None = None,
    enhanced: bool = False,
) -> Named:
    """Name every part.

    Parameters
    ----------
    image, anatomy
        The volume and its map.
    lesions
        All bright parts outside bone, as they are placed.
    muscle
        Brightness and noise.
    skin_mm
        Thickness of the skin.
    arteries
        Where the caller knows that arteries are, shape of the volume.
    enhanced
        Whether blood is enhanced: then a bright tube under the skin may be a vein.
    """
    assert image.spacing_mm is not None
    spacing = image.spacing_mm
    from_bone = exclusions.distance_from_bone(anatomy)
    given = {n for n, lesion in enumerate(lesions) if is_given(lesion, arteries)}
    names: dict[int, str] = _in_trunk(anatomy, lesions, from_bone)
    limb = [n for n in range(len(lesions)) if n not in names and n not in given]
    about = {n: surroundings(image, lesions[n].part, muscle.mean_hu) for n in limb}
    nets = _nets(anatomy, lesions, limb, spacing)
    in_net = {n for net in nets for n in net.members}
    loose = [n for n in limb if n not in in_net]
    names |= {n: name for n in loose if (name := _other(image, anatomy, lesions[n], about[n], from_bone, muscle))}
    lesions = [_shallow(lesion, about.get(n)) for n, lesion in enumerate(lesions)]
    deep = [n for n in loose if n not in names and lesions[n].compartment == "unknown"]
    vessels = given | {n for n, name in names.items() if name == "artery"} | _arteries(lesions, deep, about, spacing)
    names |= {n: "ossicle" for n in deep if n not in vessels and exclusions.is_by_bone(anatomy, lesions[n], from_bone)}
    kept = _kept(lesions, names, vessels, nets, skin_mm, enhanced=enhanced)
    number = {n: place for place, n in enumerate(kept)}
    rows = [n for n in deep if n in vessels and n in number]
    paths = find_paths([lesion.shape for lesion in lesions], rows, spacing)
    return Named(
        tuple(kept.values()),
        tuple(replace(path, members=tuple(number[n] for n in path.members)) for path in paths),
        _left_out({n: name for n, name in names.items() if n not in given}),
    )


def _kept(
    lesions: Sequence[Deposit],
    names: dict[int, str],
    vessels: set[int],
    nets: Sequence[Net],
    skin_mm: float,
    *,
    enhanced: bool,
) -> dict[int, Deposit]:
    """What is calcium of vessels or soft tissue, by the number of its part; a net by that of its first one."""
    first = {net.members[0]: net for net in nets}
    in_net = {n for net in nets for n in net.members}
    out: dict[int, Deposit] = {}
    for n, lesion in enumerate(lesions):
        if n in first:
            out[n] = joined(lesions, first[n], skin_mm)
        elif n in vessels:
            out[n] = replace(lesion, kind=Kind.VESSEL, compartment="artery")
        elif n not in in_net and names.get(n, WALL) == WALL:
            out[n] = _soft(lesion, small_vessels=not enhanced and n not in names)
    return out


def _left_out(names: dict[int, str]) -> dict[Name, int]:
    """How many parts bear each name, in the order of `Name`."""
    counts = {name: sum(own == name for own in names.values()) for name in get_args(Name)}
    return {name: count for name, count in counts.items() if count}


def _in_trunk(anatomy: Anatomy, lesions: Sequence[Deposit], from_bone: Pixels) -> dict[int, str]:
    inside = [n for n, lesion in enumerate(lesions) if anatomy.trunk_at(lesion.shape.centre[0])]
    if not inside:
        return {}
    trunk = find_trunk(anatomy)
    return {n: name_in_trunk(trunk, lesions[n], from_bone) for n in inside}


def _other(
    image: Image,
    anatomy: Anatomy,
    lesion: Deposit,
    about: Surroundings,
    from_bone: Pixels,
    muscle: Tissue,
) -> Name | None:
    """What a part of a limb is by itself, if it is no calcium of vessels or soft tissue."""
    if exclusions.is_spur(anatomy, lesion, from_bone):
        return "bone"
    if about.air > exclusions.MOST_AIR or exclusions.comes_from_outside(image, lesion):
        return "foreign"
    if exclusions.has_dark_core(image, lesion, muscle.noise_hu):
        nearest = float(anatomy.grid.at(from_bone, lesion.part.voxels()).min())
        return "ossicle" if nearest <= exclusions.STONE_MM else "phlebolith"
    return None


def _arteries(
    lesions: Sequence[Deposit],
    deep: Sequence[int],
    about: dict[int, Surroundings],
    spacing: tuple[float, float, float],
) -> set[int]:
    """Deep parts that are arteries: in a bundle of vessels, round a lumen, or in a row with such."""
    rows = [n for n in deep if about[n].fat >= ROW_FAT or _is_long(lesions[n])]
    paths = find_paths([lesion.shape for lesion in lesions], rows, spacing)
    sure = {n for n in deep if max(about[n].bundled, about[n].hollow) >= LEAST_BUNDLED or _is_long(lesions[n])}
    found = set(sure)
    for path in paths:
        known = [n for n in path.members if n in sure]
        line = np.concatenate([lesions[n].shape.line * np.array(spacing) for n in known or path.members])
        line = line[np.argsort(line[:, 0])]
        for n in path.members if not known else deep:
            if not known or (
                about[n].fat >= ROW_FAT and _away(line, lesions[n].shape.centre * np.array(spacing)) <= ON_PATH_MM
            ):
                found.add(n)
    return found


def _shallow(lesion: Deposit, about: Surroundings | None) -> Deposit:
    """What lies in fat near the skin, and in no bundle, is of the subcutis, though the coarse fascia runs above it."""
    if about is None or lesion.compartment != "unknown" or lesion.depth_mm > NET_DEPTH_MM:
        return lesion
    in_fat = about.fat >= SHALLOW_FAT and max(about.bundled, about.hollow) < LEAST_BUNDLED
    return replace(lesion, compartment="subcutis") if in_fat else lesion


SHALLOW_FAT: Final = 0.35
"""Share of fat about what lies in the subcutis. Our choice: more than a fat plane between muscles gives."""


def _is_long(lesion: Deposit) -> bool:
    return lesion.form == "tubular" and lesion.shape.length_mm >= TUBE_MM


def _away(line: Floats, place: Floats) -> float:
    """Distance of a place in mm from an artery's line at its height; far beyond its ends."""
    z, low, high = float(place[0]), float(line[0, 0]), float(line[-1, 0])
    if not low - ON_PATH_MM <= z <= high + ON_PATH_MM:
        return np.inf
    at = [float(np.interp(z, line[:, 0], line[:, k])) for k in (1, 2)]
    return float(np.hypot(place[1] - at[0], place[2] - at[1]))


def _soft(lesion: Deposit, *, small_vessels: bool) -> Deposit:
    """A focus, or a small vessel of the subcutis."""
    if lesion.compartment == "unknown":
        return replace(lesion, compartment="muscle")
    long = lesion.form == "tubular" and lesion.shape.length_mm >= LONG_MM
    return replace(lesion, kind=Kind.VESSEL) if small_vessels and long and lesion.compartment == "subcutis" else lesion


def _nets(
    anatomy: Anatomy, lesions: Sequence[Deposit], limb: Sequence[int], spacing: tuple[float, float, float]
) -> list[Net]:
    found = []
    chosen = set(limb)
    for side, name in SIDE.items():
        shallow = [
            n in chosen and lesion.side == name and (lesion.compartment != "unknown" or lesion.depth_mm <= NET_DEPTH_MM)
            for n, lesion in enumerate(lesions)
        ]
        if any(shallow):
            found += find_nets([lesion.part for lesion in lesions], shallow, anatomy.limb_axis(side), spacing)
    return found


def is_given(lesion: Deposit, arteries: Mask | None) -> bool:
    """Whether a part lies in or at an artery that the caller knows."""
    if arteries is None:
        return False
    wide = tuple(slice(max(0, at.start - 3), at.stop + 3) for at in lesion.part.box)
    near = ndimage.binary_dilation(arteries[wide], iterations=2)
    inner = tuple(slice(at.start - w.start, at.stop - w.start) for at, w in zip(lesion.part.box, wide, strict=True))
    return bool(near[inner][lesion.part.mask].mean() > 0.5)
