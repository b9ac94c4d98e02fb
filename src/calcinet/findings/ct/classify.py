"""What each bright component is: artery, net, small vessel, focus, or something that is left out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.artery_courses import ArteryCourse, find_courses
from calcinet.findings.ct.artery_paths import ArteryPath, Plaque, find_paths
from calcinet.findings.ct.classify_trunk import TrunkName, classify_in_trunk, find_trunk
from calcinet.findings.ct.coarse_grid import Spacing, locate_in, widen_box
from calcinet.findings.ct.components import Muscle
from calcinet.findings.ct.deposit import SIDE, Deposit, join_artery, join_net
from calcinet.findings.ct.exclusions import (
    MOST_AIR,
    STONE_MM,
    comes_from_outside,
    has_dark_core,
    is_by_bone,
    is_spur,
)
from calcinet.findings.ct.nets import Net, find_nets
from calcinet.findings.ct.surroundings import Surroundings, measure_surroundings
from calcinet.findings.finding import Kind
from calcinet.image import Image

Name = Literal["bone", "ossicle", "metal", "stone", "bowel", "phlebolith", "foreign"]
"""What is no calcium of vessels or soft tissue."""

NET_DEPTH_MM: Final = 9.0
"""Components of a net are no deeper. Our choice: where the subcutis is thin, coarse fascia may be drawn above a net."""

LEAST_BUNDLED: Final = 0.5
"""Share of its slices in which a deposit is in a bundle of vessels, or goes round a lumen, for it to be an artery's.
Our choice."""

ROW_FAT: Final = 0.12
"""Share of fat about a deposit from which it may belong to a row of plaques. Our choice: vessels lie in fat."""

TUBE_MM: Final = 12.0
"""A deep tubular deposit this long belongs to an artery whatever is about it. Our choice: no other calcium is so."""

ON_PATH_MM: Final = 6.0
"""Deep deposits this near to an artery's line are its own. Our choice: half the width of a popliteal artery and its
wall."""

LONG_MM: Final = 8.0
"""A tubular deposit of the subcutis this long is a small vessel. Our choice."""

SHALLOW_FAT: Final = 0.35
"""Share of fat about what is in the subcutis. Our choice: more than a fat plane between muscles gives."""

GIVEN_PX: Final = 2
"""A deposit this near to an artery that the caller knows is the artery's. Our choice: what masks are drawn apart."""

GIVEN_SHARE: Final = 0.5
"""More than this share of the deposit is there. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scan:
    """What the rules look at beside the deposits themselves."""

    image: Image
    anatomy: Anatomy
    muscle: Muscle
    skin_mm: float
    """Thickness of the skin."""
    from_bone: Pixels
    """Distance of every coarse voxel from bone, in mm."""
    arteries: Mask | None
    """Arteries that the caller knows, shape of the volume."""
    is_enhanced: bool
    """Whether blood is enhanced: then a bright tube under the skin may be a vein."""

    @property
    def spacing_mm(self) -> Spacing:
        """Distance of voxels along (Z, Y, X)."""
        return self.image.require_spacing_mm()


@dataclass(frozen=True, slots=True, eq=False)
class Classification:
    """Deposits with their kinds, and what was left out."""

    deposits: tuple[Deposit, ...]
    paths: tuple[ArteryPath, ...]
    left_out: dict[Name, int]


def classify(scan: Scan, deposits: Sequence[Deposit]) -> Classification:
    """Say of every bright component what it is.

    The trunk has rules of its own. In a limb, nets are found first; a component that is in none may be excluded by
    itself; of the others, those under the fascia are an artery's, or splinters of bone, or in muscle.

    Parameters
    ----------
    scan
        The volume and its map.
    deposits
        All bright components outside bone.
    """
    given = {n for n, deposit in enumerate(deposits) if is_given(deposit, scan.arteries)}
    trunk = _classify_trunk(scan, deposits)
    limb = [n for n in range(len(deposits)) if n not in trunk and n not in given]
    surroundings = {n: measure_surroundings(scan.image, deposits[n].part, scan.muscle.mean_hu) for n in limb}
    nets = _find_nets(scan, deposits, limb)
    in_nets = _list_members(nets)
    excluded = _exclude(scan, deposits, surroundings, in_nets)
    deposits = _move_to_subcutis(deposits, surroundings)
    deep = [n for n in limb if n not in in_nets and n not in excluded and deposits[n].compartment == "unknown"]
    arterial = given | _list_arteries(trunk) | _find_arteries(scan, deposits, deep, surroundings)
    splinters = [n for n in deep if n not in arterial and is_by_bone(scan.anatomy, deposits[n], scan.from_bone)]
    names: dict[int, TrunkName | Name] = {**trunk, **excluded, **dict.fromkeys(splinters, "ossicle")}
    of_limbs = {n: deposits[n] for n in sorted(arterial) if n not in trunk and n not in in_nets}
    courses = find_courses(scan.image.pixels, of_limbs, scan.spacing_mm, scan.muscle.mean_hu)
    kept = _keep_calcium(scan, deposits, names, arterial, nets)
    kept = _join_arteries(kept, courses, scan.spacing_mm)
    return Classification(tuple(kept.values()), _number_paths(courses, kept), _count_names(names, given))


def is_given(deposit: Deposit, arteries: Mask | None) -> bool:
    """Whether a deposit is in or at an artery that the caller knows."""
    if arteries is None:
        return False
    margin = GIVEN_PX + 1
    wide = widen_box(deposit.part.box, (margin, margin, margin), arteries.shape)
    near = ndimage.binary_dilation(arteries[wide], iterations=GIVEN_PX)
    inner = locate_in(wide, deposit.part.box)
    return bool(near[inner][deposit.part.mask].mean() > GIVEN_SHARE)


def _classify_trunk(scan: Scan, deposits: Sequence[Deposit]) -> dict[int, TrunkName]:
    """What each deposit of the trunk is, by its number."""
    inside = [n for n, deposit in enumerate(deposits) if scan.anatomy.trunk_at(deposit.shape.centre[0])]
    if not inside:
        return {}
    trunk = find_trunk(scan.anatomy)
    names = {}
    for n in inside:
        names[n] = classify_in_trunk(trunk, deposits[n], scan.from_bone)
    return names


def _list_arteries(names: Mapping[int, TrunkName]) -> set[int]:
    return {n for n, name in names.items() if name == "artery"}


def _find_nets(scan: Scan, deposits: Sequence[Deposit], limb: Sequence[int]) -> list[Net]:
    """Nets of each side of the limbs."""
    components = [deposit.part for deposit in deposits]
    nets: list[Net] = []
    for number, side in SIDE.items():
        shallow = [n for n in limb if deposits[n].side == side and _may_be_of_net(deposits[n])]
        if shallow:
            nets += find_nets(components, shallow, scan.anatomy.limb_axis(number), scan.spacing_mm)
    return nets


def _may_be_of_net(deposit: Deposit) -> bool:
    """Whether a deposit is above the fascia, or near enough to the skin."""
    return deposit.compartment != "unknown" or deposit.depth_mm <= NET_DEPTH_MM


def _list_members(nets: Sequence[Net]) -> set[int]:
    members: set[int] = set()
    for net in nets:
        members.update(net.members)
    return members


def _exclude(
    scan: Scan, deposits: Sequence[Deposit], surroundings: Mapping[int, Surroundings], in_nets: Collection[int]
) -> dict[int, Name]:
    """What deposits of limbs are by themselves where they are no calcium of vessels or soft tissue, by number."""
    excluded: dict[int, Name] = {}
    for n, around in surroundings.items():
        name = None
        if n not in in_nets:
            name = _name_by_itself(scan, deposits[n], around)
        if name is not None:
            excluded[n] = name
    return excluded


def _name_by_itself(scan: Scan, deposit: Deposit, around: Surroundings) -> Name | None:
    """Bone, foreign body, small bone or stone of a vein; None of what may be calcium of vessels or soft tissue."""
    if is_spur(scan.anatomy, deposit, scan.from_bone):
        return "bone"
    if around.air > MOST_AIR or comes_from_outside(scan.image, deposit):
        return "foreign"
    if not has_dark_core(scan.image, deposit, scan.muscle.noise_hu):
        return None
    nearest_bone_mm = float(scan.anatomy.grid.at(scan.from_bone, deposit.part.voxels()).min())
    if nearest_bone_mm <= STONE_MM:
        return "ossicle"
    return "phlebolith"


def _move_to_subcutis(deposits: Sequence[Deposit], surroundings: Mapping[int, Surroundings]) -> list[Deposit]:
    """All deposits; in the subcutis those of limbs that are above the fascia, though the coarse one runs above them."""
    moved = []
    for n, deposit in enumerate(deposits):
        if n in surroundings and _is_above_fascia(deposit, surroundings[n]):
            deposit = replace(deposit, compartment="subcutis")
        moved.append(deposit)
    return moved


def _is_above_fascia(deposit: Deposit, around: Surroundings) -> bool:
    """Whether a deposit of unknown compartment is in fat near the skin, and in no bundle of vessels."""
    if deposit.compartment != "unknown" or deposit.depth_mm > NET_DEPTH_MM:
        return False
    return around.fat >= SHALLOW_FAT and around.vessel < LEAST_BUNDLED


def _find_arteries(
    scan: Scan, deposits: Sequence[Deposit], deep: Sequence[int], surroundings: Mapping[int, Surroundings]
) -> set[int]:
    """Deep deposits that are an artery's: in a bundle of vessels, round a lumen, long tubes, or in a row with such.

    A row without any such deposit is an artery as well.
    """
    sure, in_fat, rows = set(), [], []
    for n in deep:
        around, is_tube = surroundings[n], _is_long_tube(deposits[n])
        if is_tube or around.vessel >= LEAST_BUNDLED:
            sure.add(n)
        if around.fat >= ROW_FAT:
            in_fat.append(n)
        if is_tube or around.fat >= ROW_FAT:
            rows.append(n)
    found = set(sure)
    for path in _find_paths(scan, deposits, rows):
        certain = [deposits[n] for n in path.members if n in sure]
        if certain:
            line = _join_lines(certain, scan.spacing_mm)
            found.update(n for n in in_fat if _is_on_line(deposits[n], line, scan.spacing_mm))
        else:
            found.update(path.members)
    return found


def _find_paths(scan: Scan, deposits: Sequence[Deposit], numbers: Sequence[int]) -> list[ArteryPath]:
    """Artery paths through the deposits of these numbers."""
    return find_paths([Plaque(n, deposits[n].shape) for n in numbers], scan.spacing_mm)


def _is_long_tube(deposit: Deposit) -> bool:
    return deposit.form == "tubular" and deposit.shape.length_mm >= TUBE_MM


def _join_lines(plaques: Sequence[Deposit], spacing_mm: Spacing) -> Floats:
    """Points of the plaques' centre lines in mm, Z rising, shape (N, 3)."""
    points = np.concatenate([plaque.shape.line for plaque in plaques]) * np.array(spacing_mm)
    return np.asarray(points[np.argsort(points[:, 0])])


def _is_on_line(deposit: Deposit, line: Floats, spacing_mm: Spacing) -> bool:
    return _measure_distance(line, deposit.shape.centre * np.array(spacing_mm)) <= ON_PATH_MM


def _measure_distance(line: Floats, point: Floats) -> float:
    """Distance of a point in mm from an artery's line at its height; infinite far beyond its ends."""
    z, low, high = float(point[0]), float(line[0, 0]), float(line[-1, 0])
    if not low - ON_PATH_MM <= z <= high + ON_PATH_MM:
        return np.inf
    y = float(np.interp(z, line[:, 0], line[:, 1]))
    x = float(np.interp(z, line[:, 0], line[:, 2]))
    return float(np.hypot(point[1] - y, point[2] - x))


def _keep_calcium(
    scan: Scan,
    deposits: Sequence[Deposit],
    names: Mapping[int, TrunkName | Name],
    arterial: Collection[int],
    nets: Sequence[Net],
) -> dict[int, Deposit]:
    """Calcium of vessels or soft tissue by the number of its component; a net by that of its first one."""
    first = {net.members[0]: net for net in nets}
    in_nets = _list_members(nets)
    kept: dict[int, Deposit] = {}
    for n, deposit in enumerate(deposits):
        if n in first:
            kept[n] = join_net(deposits, first[n], scan.skin_mm)
        elif n in arterial:
            kept[n] = replace(deposit, kind=Kind.VESSEL, compartment="artery")
        elif n in in_nets:
            continue
        elif n not in names:
            kept[n] = _classify_soft_tissue(deposit, small_vessels=not scan.is_enhanced)
        elif names[n] == "wall":
            kept[n] = _classify_soft_tissue(deposit, small_vessels=False)
    return kept


def _classify_soft_tissue(deposit: Deposit, *, small_vessels: bool) -> Deposit:
    """A focus of skin, subcutis or muscle, or a small vessel of the subcutis."""
    if deposit.compartment == "unknown":
        return replace(deposit, compartment="muscle")
    is_long = deposit.form == "tubular" and deposit.shape.length_mm >= LONG_MM
    if small_vessels and is_long and deposit.compartment == "subcutis":
        return replace(deposit, kind=Kind.VESSEL)
    return deposit


def _join_arteries(
    kept: Mapping[int, Deposit], courses: Sequence[ArteryCourse], spacing_mm: Spacing
) -> dict[int, Deposit]:
    """All that is kept, each artery as one deposit by the number of its lowest piece."""
    joined = dict(kept)
    for course in courses:
        pieces = [kept[n] for n in course.members]
        for n in course.members[1:]:
            del joined[n]
        joined[course.members[0]] = join_artery(pieces, course.line, spacing_mm)
    return joined


def _number_paths(courses: Sequence[ArteryCourse], kept: Mapping[int, Deposit]) -> tuple[ArteryPath, ...]:
    """Paths of the arteries that show a course, whose member is the number of its deposit among those kept."""
    numbers = {n: number for number, n in enumerate(kept)}
    numbered = []
    for course in courses:
        if course.path is not None:
            numbered.append(replace(course.path, members=(numbers[course.members[0]],)))
    return tuple(numbered)


def _count_names(names: Mapping[int, TrunkName | Name], given: Collection[int]) -> dict[Name, int]:
    """How many components bear each name, those of given arteries left aside, in the order of `Name`."""
    counted: Counter[str] = Counter()
    for n, name in names.items():
        counted[name] += n not in given
    return {name: counted[name] for name in get_args(Name) if counted[name]}
