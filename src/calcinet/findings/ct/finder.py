"""CT volume -> every part of calcium with its kind, compartment, form, depth and side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.findings.ct.anatomy import Anatomy, find_anatomy
from calcinet.findings.ct.compartments import Layer
from calcinet.findings.ct.contrast import BloodPool, enhanced_pool, enhanced_tube
from calcinet.findings.ct.grid import Mask
from calcinet.findings.ct.lesions import CALCIUM_HU, Part, Tissue, find_parts, tissue
from calcinet.findings.ct.nets import Net, find_nets
from calcinet.findings.ct.paths import Path, find_paths
from calcinet.findings.ct.shape import Form, Shape, depth_mm, shape_of
from calcinet.findings.finding import LABELS, Kind
from calcinet.image import Image

SKIN_MM: Final = 2.2
"""Calcium whose middle lies no deeper is in the skin. Our choice: skin of the leg is 1.5 to 2.5 mm thick."""

NEAR_BONE_MM: Final = 3.0
"""A lone nodule this near to bone is taken for a part of it: an avulsion, an ossicle, an osteophyte. Our choice."""

SPUR_MM: Final = 8.0
"""What touches bone and reaches no farther from it is a part of it. Our choice: osteophytes are shorter."""

OSSICLE_MM: Final = (3.5, 16.0)
"""Size of sesamoids and ossicles. Our choice."""

SHELL: Final = 0.85
"""Brightness of a nodule's core over its shell, below which it is bone with trabeculae. Our choice: calcium is brightest
in its middle, for blur."""

AORTA_SIDEWAYS_MM: Final = 28.0
AORTA_AHEAD_MM: Final = 45.0
"""The aorta and its fork lie this near to the front of the spine. Our choice: kidneys and ureters lie farther out."""

Compartment = Literal["skin", "subcutis", "muscle", "artery", "bone overlap", "unknown"]
Name = Literal["bone", "ossicle"]
SIDE: Final[dict[int, Literal["L", "R"] | None]] = {0: None, 1: "R", 2: "L"}


@dataclass(frozen=True, slots=True, eq=False)
class Lesion:
    """One part of calcium, or one net."""

    kind: Kind
    compartment: Compartment
    form: Form
    part: Part
    shape: Shape
    depth_mm: float
    side: Literal["L", "R"] | None
    peak_hu: float
    net: Net | None = None
    """Of a net: it is laid flat there."""


@dataclass(frozen=True, slots=True, eq=False)
class CtCalcium:
    """All that was found on one CT."""

    lesions: tuple[Lesion, ...]
    paths: tuple[Path, ...]
    """Arteries; members are indices of `lesions`."""
    left_out: dict[Name, int]
    """How many parts were taken for something else than calcium of vessels or soft tissue, by name."""
    anatomy: Anatomy
    muscle: Tissue
    pool: BloodPool | None
    """Enhanced blood that was seen; None where blood is not enhanced."""
    threshold_hu: float

    def labels(self) -> NDArray[np.uint8]:
        """Label map of the volume, values of `labels.MASK_LABELS`."""
        out = np.zeros(self.anatomy.grid.shape, dtype=np.uint8)
        for lesion in self.lesions:
            box = out[lesion.part.box]
            box[lesion.part.mask] = LABELS[lesion.kind]
        return out


ABOVE_POOL_SIGMAS: Final = 3.0
"""Calcium on an enhanced CT begins so many standard deviations above the blood. Our choice: of the blood's voxels
one in a thousand is brighter."""


def find_calcium_on_ct(image: Image, bones: Mask | None = None, arteries: Mask | None = None) -> CtCalcium:
    """Find and place calcium.

    Parameters
    ----------
    image
        In Hounsfield units, shape (Z, Y, X), Z to the head, Y to the back, X to the left.
    bones, arteries
        Where the caller knows that bones and arteries are, same shape.

    Raises
    ------
    NotMeasurable
        If the volume shows no body.
    """
    anatomy = find_anatomy(image, bones)
    muscle = tissue(image, anatomy.grid, anatomy.layers)
    pool = enhanced_pool(anatomy.grid, anatomy.body)
    threshold = CALCIUM_HU
    if pool is not None:
        threshold = max(CALCIUM_HU, pool.mean_hu + ABOVE_POOL_SIGMAS * max(pool.spread_hu, muscle.noise_hu))
    lesions, paths, left_out = _found(image, anatomy, muscle, threshold, arteries, pool)
    if pool is None and (pool := enhanced_tube(image, [lesion.part for lesion in lesions])) is not None:
        threshold = max(CALCIUM_HU, pool.mean_hu + ABOVE_POOL_SIGMAS * max(pool.spread_hu, muscle.noise_hu))
        lesions, paths, left_out = _found(image, anatomy, muscle, threshold, arteries, pool)
    return CtCalcium(tuple(lesions), tuple(paths), left_out, anatomy, muscle, pool, threshold)


def _found(
    image: Image,
    anatomy: Anatomy,
    muscle: Tissue,
    threshold_hu: float,
    arteries: Mask | None,
    pool: BloodPool | None,
) -> tuple[list[Lesion], list[Path], dict[Name, int]]:
    parts = find_parts(image, anatomy.grid, anatomy.layers, anatomy.skeleton, muscle, threshold_hu)
    return _placed(image, anatomy, parts, arteries, pool)


def _placed(
    image: Image, anatomy: Anatomy, parts: list[Part], arteries: Mask | None, pool: BloodPool | None
) -> tuple[list[Lesion], list[Path], dict[Name, int]]:
    spacing = image.spacing_mm
    assert spacing is not None
    shapes = [shape_of(part, spacing) for part in parts]
    from_bone = _distance_from_bone(anatomy)
    lesions = [_lesion(image, anatomy, *pair) for pair in zip(parts, shapes, strict=True)]
    left_out: dict[Name, int] = {}
    kept: list[int] = []
    for n, lesion in enumerate(lesions):
        if _is_bone(anatomy, lesion, from_bone):
            left_out["bone"] = left_out.get("bone", 0) + 1
        else:
            kept.append(n)
    in_limb = [lesion.compartment == "unknown" and not anatomy.trunk_at(lesion.shape.centre[0]) for lesion in lesions]
    paths = find_paths(shapes, [n for n in kept if in_limb[n]], spacing)
    in_path = {n for path in paths for n in path.members}
    ossicles = [n for n in kept if n not in in_path and _is_ossicle(image, anatomy, lesions[n], from_bone)]
    if ossicles:
        left_out["ossicle"] = len(ossicles)
        kept = [n for n in kept if n not in ossicles]
    nets = {n: net for net in _nets(anatomy, parts, lesions, kept, spacing) for n in net.members}
    return *_named(anatomy, lesions, paths, nets, kept, arteries, pool), left_out


def _named(
    anatomy: Anatomy,
    lesions: list[Lesion],
    paths: list[Path],
    nets: dict[int, Net],
    kept: list[int],
    arteries: Mask | None,
    pool: BloodPool | None,
) -> tuple[list[Lesion], list[Path]]:
    """Final kinds and compartments, nets joined to one lesion each, paths renumbered."""
    in_path = {n for path in paths for n in path.members}
    limb = {n: not anatomy.trunk_at(lesions[n].shape.centre[0]) for n in kept}
    out: list[Lesion] = []
    number: dict[int, int] = {}
    for n in kept:
        lesion = lesions[n]
        if n in nets:
            if n != next(m for m in nets[n].members if m in kept):
                continue
            lesion = _joined(lesions, nets[n])
        elif n in in_path or _is_given(lesion, arteries) or _before_the_spine(anatomy, lesion):
            lesion = replace(lesion, kind=Kind.VESSEL, compartment="artery")
        elif lesion.compartment == "unknown" and limb[n]:
            lesion = replace(lesion, compartment="muscle")
        elif pool is None and limb[n] and lesion.compartment == "subcutis" and lesion.form == "tubular" and lesion.shape.length_mm >= LONG_MM:
            lesion = replace(lesion, kind=Kind.VESSEL)
        number[n] = len(out)
        out.append(lesion)
    renumbered = [replace(p, members=tuple(number[n] for n in p.members if n in number)) for p in paths]
    return out, [p for p in renumbered if p.members]


LONG_MM: Final = 8.0
"""A tubular part of the subcutis this long is a small vessel. Our choice."""


def _lesion(image: Image, anatomy: Anatomy, part: Part, shape: Shape) -> Lesion:
    """Where a part lies; what lies under the fascia is unknown until paths are known."""
    voxels = part.voxels()
    layer = anatomy.grid.at(anatomy.layers, voxels)
    coarse_depth = float(np.median(anatomy.grid.at(anatomy.depth_mm, voxels)))
    assert image.spacing_mm is not None
    depth = depth_mm(image, part, image.spacing_mm, coarse_depth)
    deep = (layer == Layer.DEEP).mean() + (layer == Layer.BONE).mean() > 0.5
    compartment: Compartment = "skin" if depth <= SKIN_MM else "unknown" if deep else "subcutis"
    side = np.bincount(anatomy.side_at(voxels), minlength=3).argmax()
    peak = float(image.pixels[part.box][part.mask].max())
    return Lesion(Kind.FOCUS, compartment, shape.form, part, shape, depth, SIDE[int(side)], peak)


def _distance_from_bone(anatomy: Anatomy) -> NDArray[np.float32]:
    """Of every coarse voxel from bone, in mm; far where there is none."""
    bone = anatomy.skeleton.bone
    if not bone.any():
        return np.full(bone.shape, np.inf, dtype=np.float32)
    return np.asarray(ndimage.distance_transform_edt(~bone, sampling=anatomy.grid.mm), dtype=np.float32)


def _is_bone(anatomy: Anatomy, lesion: Lesion, from_bone: NDArray[np.float32]) -> bool:
    """Whether a part is an end of a bone: it touches one, and stays near; or is a rib that is too thin to be one."""
    wide = tuple(slice(max(0, at.start - 1), at.stop + 1) for at in lesion.part.box)
    box = (wide[0], wide[1], wide[2])
    rim = ndimage.binary_dilation(anatomy.grid.fine_box(anatomy.skeleton.near_bone, _clipped(box, anatomy)))
    inner = tuple(slice(at.start - w.start, at.stop - w.start) for at, w in zip(lesion.part.box, box, strict=True))
    touching = float(rim[inner][lesion.part.mask].mean())
    if touching > 0:
        farthest = float(anatomy.grid.at(from_bone, lesion.part.voxels()).max())
        if farthest <= SPUR_MM or touching > TOUCHING:
            return True
    volume = float(lesion.part.mask.sum()) * anatomy.voxel_mm3
    trunk = anatomy.trunk_at(lesion.shape.centre[0])
    if trunk and lesion.form == "tubular" and lesion.compartment == "unknown" and lesion.depth_mm < CHEST_WALL_MM:
        return True
    return trunk and volume > RIB_MM3 and not _before_the_spine(anatomy, lesion)


def _clipped(box: tuple[slice, slice, slice], anatomy: Anatomy) -> tuple[slice, slice, slice]:
    z, y, x = (slice(at.start, min(at.stop, size)) for at, size in zip(box, anatomy.grid.shape, strict=True))
    return z, y, x


TOUCHING: Final = 0.15
"""Share of a part that lies against bone, for it to be bone however far it reaches. Our choice."""

CHEST_WALL_MM: Final = 45.0
"""A tubular part of the trunk's wall no deeper than this is a rib's edge or cartilage. Our choice."""

RIB_MM3: Final = 800.0
"""In the trunk, what is larger and not before the spine is a rib, cartilage or the contents of a bowel. Our choice: a
calcified common iliac artery has less in one part."""


def _is_ossicle(image: Image, anatomy: Anatomy, lesion: Lesion, from_bone: NDArray[np.float32]) -> bool:
    """Whether a part that belongs to no artery is a small bone, or broken off one."""
    nearest = float(anatomy.grid.at(from_bone, lesion.part.voxels()).min())
    near = nearest <= max(anatomy.grid.mm) + NEAR_BONE_MM
    limb = not anatomy.trunk_at(lesion.shape.centre[0])
    if limb and near and lesion.form != "tubular" and lesion.compartment == "unknown":
        return True
    return _has_shell(image, lesion)


def _has_shell(image: Image, lesion: Lesion) -> bool:
    """Whether a nodule of an ossicle's size is darker in its middle than about it."""
    low, high = OSSICLE_MM
    if lesion.form == "tubular" or not low <= lesion.shape.extent_mm[0] <= high or image.spacing_mm is None:
        return False
    solid = np.pad(ndimage.binary_fill_holes(lesion.part.mask), 1)
    inside = ndimage.distance_transform_edt(solid, sampling=image.spacing_mm)[1:-1, 1:-1, 1:-1]
    deepest = float(inside.max())
    hu = image.pixels[lesion.part.box]
    core, shell = hu[inside > 0.7 * deepest], hu[(inside > 0.25 * deepest) & (inside <= 0.7 * deepest)]
    return bool(deepest > 1.2 and len(core) and len(shell) and core.mean() < SHELL * np.percentile(shell, 70))


def _nets(
    anatomy: Anatomy,
    parts: Sequence[Part],
    lesions: Sequence[Lesion],
    kept: Sequence[int],
    spacing: tuple[float, float, float],
) -> list[Net]:
    found = []
    for side in (0, 1, 2):
        shallow = [
            n in set(kept) and le.compartment in ("skin", "subcutis") and le.side == SIDE[side]
            for n, le in enumerate(lesions)
        ]
        if any(shallow):
            found += find_nets(parts, shallow, anatomy.limb_axis(side), spacing)
    return found


def _joined(lesions: Sequence[Lesion], net: Net) -> Lesion:
    """One lesion of all parts of a net."""
    members = [lesions[n] for n in net.members]
    low = np.min([m.part.origin for m in members], axis=0)
    high = np.max([[at.stop for at in m.part.box] for m in members], axis=0)
    mask = np.zeros(high - low, dtype=bool)
    for m in members:
        inner = tuple(slice(at.start - at0, at.stop - at0) for at, at0 in zip(m.part.box, low, strict=True))
        mask[inner] |= m.part.mask
    box = (slice(int(low[0]), int(high[0])), slice(int(low[1]), int(high[1])), slice(int(low[2]), int(high[2])))
    weights = [m.part.mask.sum() for m in members]
    depth = float(np.average([m.depth_mm for m in members], weights=weights))
    largest = members[int(np.argmax(weights))]
    return replace(
        largest,
        kind=Kind.NET,
        form="net-like",
        compartment="skin" if depth <= SKIN_MM else "subcutis",
        part=Part(mask, box),
        depth_mm=depth,
        peak_hu=max(m.peak_hu for m in members),
        net=net,
    )


def _is_given(lesion: Lesion, arteries: Mask | None) -> bool:
    """Whether a part lies in or at an artery that the caller knows."""
    if arteries is None:
        return False
    wide = tuple(slice(max(0, at.start - 3), at.stop + 3) for at in lesion.part.box)
    near = ndimage.binary_dilation(arteries[wide], iterations=2)
    inner = tuple(slice(at.start - w.start, at.stop - w.start) for at, w in zip(lesion.part.box, wide, strict=True))
    return bool(near[inner][lesion.part.mask].mean() > 0.5)


def _before_the_spine(anatomy: Anatomy, lesion: Lesion) -> bool:
    """Whether a deep part of the trunk lies where the aorta runs."""
    if lesion.compartment != "unknown" or not anatomy.trunk_at(lesion.shape.centre[0]):
        return False
    z, y, x = (
        min(int(c) // step, size - 1)
        for c, step, size in zip(lesion.shape.centre, anatomy.grid.block, anatomy.body.shape, strict=True)
    )
    columns = np.flatnonzero(anatomy.body[z].any(axis=0))
    middle = float(columns.mean())
    reach = SPINE_MM / anatomy.grid.mm[2]
    spine = anatomy.skeleton.bone[z, :, max(0, int(middle - reach)) : int(middle + reach) + 1]
    rows, across = np.nonzero(spine)
    if not len(rows):
        return False
    centre = max(0, int(middle - reach)) + float(np.median(across))
    ahead = (float(np.percentile(rows, 2)) - y) * anatomy.grid.mm[1]
    sideways = abs(x - centre) * anatomy.grid.mm[2]
    return bool(TOUCHING_SPINE_MM <= ahead <= AORTA_AHEAD_MM and sideways <= AORTA_SIDEWAYS_MM)


TOUCHING_SPINE_MM: Final = 4.0
"""What lies nearer to the spine's front is a spur of it. Our choice: the wall of the aorta is 1 to 2 mm away from it, so
that plaques of its very back are left out."""

SPINE_MM: Final = 25.0
"""Half the width in which the spine is looked for. Our choice: a vertebral body is 50 mm wide."""
