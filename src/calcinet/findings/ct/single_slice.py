"""One slice of a CT, examined as if the body went on alike: bones are told from calcium by their course."""

from dataclasses import replace
from typing import Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.components import Component
from calcinet.findings.ct.deposit import Deposit
from calcinet.findings.ct.shape import measure_shape
from calcinet.findings.finding import Kind
from calcinet.image import Image

TALL_MM: Final = 24.0
"""Height to which the slice is repeated. Our choice: bones are then as long as they are wide, and no plaque is as long
as what `findings.ct.contrast_enhancement` takes for enhanced blood."""


def repeat_slice(image: Image) -> Image:
    """The slice over and over, shape (N, Y, X)."""
    count = max(2, round(TALL_MM / image.require_spacing_mm()[0]))
    return replace(image, pixels=np.repeat(image.pixels, count, axis=0))


def repeat_mask(mask: Mask | None, count: int) -> Mask | None:
    """A mask of the slice, `count` times; None stays None."""
    if mask is None:
        return None
    return np.repeat(mask, count, axis=0)


def flatten_deposit(deposit: Deposit, spacing_mm: Spacing) -> Deposit:
    """A deposit of the repeated slice in the slice itself; a net, which one slice does not show, is a focus."""
    tall = deposit.part
    middle = tall.mask.shape[0] // 2
    component = Component(tall.mask[middle : middle + 1], (slice(0, 1), *tall.box[1:]))
    kind = deposit.kind
    if kind is Kind.NET:
        kind = Kind.FOCUS
    shape = measure_shape(component, spacing_mm)
    return replace(deposit, part=component, shape=shape, form=shape.form, kind=kind, net=None, pieces=())


def flatten_anatomy(anatomy: Anatomy) -> Anatomy:
    """The map of the slice itself."""
    tall = anatomy.skeleton
    return replace(
        anatomy,
        grid=replace(anatomy.grid, hu=anatomy.grid.hu[:1], shape=(1, *anatomy.grid.shape[1:])),
        body=anatomy.body[:1],
        skeleton=Skeleton(
            bone=tall.bone[:1], near_bone=tall.near_bone[:1], metal=tall.metal[:1], near_metal=tall.near_metal[:1]
        ),
        layers=anatomy.layers[:1],
        depth_mm=anatomy.depth_mm[:1],
        side=anatomy.side[:1],
        trunk=anatomy.trunk[:1],
    )
