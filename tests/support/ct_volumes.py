"""CT volumes made by hand: blocks, discs, and a limb of fat, muscle and one bone."""

import numpy as np

from calcinet.findings.ct.anatomy import find_anatomy
from calcinet.findings.ct.coarse_grid import CoarseGrid
from calcinet.findings.ct.components import Component, Muscle
from calcinet.findings.ct.deposit import Deposit, locate_deposit
from calcinet.image import Image

MM = (1.0, 0.5, 0.5)
"""Spacing of volumes with fine slices."""

LIMB_MM = (1.0, 1.0, 1.0)
"""Spacing of the limb."""

MUSCLE = Muscle(55.0, 10.0)


def ct(pixels, mm=MM):
    """An image of Hounsfield units."""
    return Image(np.asarray(pixels, np.float32), mm, "[hnsf'U]", modality="CT")


def grid(hu, mm=(2.0, 2.0, 2.0)):
    """A coarse grid whose voxels are those of the volume."""
    hu = np.asarray(hu, np.float32)
    return CoarseGrid(hu=hu, block=(1, 1, 1), mm=mm, shape=hu.shape)


def block(low, high):
    """A block of voxels from one corner to another."""
    mask = np.ones([end - first for first, end in zip(low, high, strict=True)], dtype=bool)
    return Component(mask, tuple(slice(first, end) for first, end in zip(low, high, strict=True)))


def disc(shape, centre, radius):
    """Pixels of a plane within `radius` pixels of a centre."""
    rows, columns = np.indices(shape)
    return np.hypot(rows - centre[0], columns - centre[1]) <= radius


def limb(depth=60):
    """1 mm voxels: fat of 50 mm radius, muscle of 42 mm, a bone of 12 mm with 8 mm of marrow, shape (depth, 120, 120).

    The middle of the limb is at row and column 60; the bone's is at row 60 and column 40.
    """
    plane = np.full((120, 120), -1000.0)
    for radius, centre, hu in (
        (50, (60, 60), -100),
        (42, (60, 60), 55),
        (12, (60, 40), 800),
        (8, (60, 40), -60),
    ):
        plane[disc(plane.shape, centre, radius)] = hu
    return np.tile(plane, (depth, 1, 1))


def put(pixels, low, high, hu=600.0):
    """A bright block in a volume; returns its component."""
    component = block(low, high)
    pixels[component.box] = hu
    return component


def deposits_of(image, components, skin_mm=1.5):
    """The map of a volume and its components where they are in it."""
    anatomy = find_anatomy(image)
    return anatomy, [locate_deposit(image, anatomy, one, image.spacing_mm, skin_mm) for one in components]


def deposit(component, mm=MM, **changes) -> Deposit:
    """A component of unknown surroundings as a deposit."""
    from calcinet.findings.ct.shape import measure_shape
    from calcinet.findings.finding import Kind

    shape = measure_shape(component, mm)
    fields = {
        "kind": Kind.FOCUS,
        "compartment": "unknown",
        "form": shape.form,
        "part": component,
        "shape": shape,
        "depth_mm": 30.0,
        "side": None,
        "peak_hu": 500.0,
    }
    return Deposit(**{**fields, **changes})
