"""One slice of a CT, looked at as if the body went on alike: bones are told from calcium by their course."""

from dataclasses import fields, replace
from typing import Final

import numpy as np

from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.components import Part
from calcinet.findings.ct.deposit import Deposit
from calcinet.findings.ct.shape import shape_of
from calcinet.findings.finding import Kind
from calcinet.image import Image

TALL_MM: Final = 24.0
"""So far the slice is drawn out. Our choice: bones are then as long as they are wide, and no plaque is as long as what
`findings.ct.contrast` takes for enhanced blood."""


def drawn_out(image: Image) -> Image:
    """The slice over and over, shape (N, Y, X)."""
    assert image.spacing_mm is not None
    count = max(2, round(TALL_MM / image.spacing_mm[0]))
    return replace(image, pixels=np.repeat(image.pixels, count, axis=0))


def flattened(lesion: Deposit, spacing_mm: tuple[float, float, float]) -> Deposit:
    """A part of the drawn-out slice in the slice itself; a net, which one slice does not show, is a focus."""
    middle = lesion.part.mask.shape[0] // 2
    part = Part(lesion.part.mask[middle : middle + 1], (slice(0, 1), *lesion.part.box[1:]))
    kind = Kind.FOCUS if lesion.kind is Kind.NET else lesion.kind
    shape = shape_of(part, spacing_mm)
    return replace(lesion, part=part, shape=shape, form=shape.form, kind=kind, net=None)


def flat(anatomy: Anatomy) -> Anatomy:
    """The map of the slice itself."""
    grid = replace(anatomy.grid, hu=anatomy.grid.hu[:1], shape=(1, *anatomy.grid.shape[1:]))
    skeleton = Skeleton(**{field.name: getattr(anatomy.skeleton, field.name)[:1] for field in fields(anatomy.skeleton)})
    maps = {name: getattr(anatomy, name)[:1] for name in ("body", "layers", "depth_mm", "side", "trunk")}
    return replace(anatomy, grid=grid, skeleton=skeleton, **maps)
