"""The guide explains what the images of this report need, and no more."""

from calcinet.report.language import translator
from calcinet.report.sections.guide import guide

_ = translator("en")


def depths(record) -> list[str]:
    """The beginnings of the paragraphs on depth."""
    return [block.text[:11] for block in guide(record, _).blocks if "epth is" in block.text]


def test_depth_is_explained_as_the_images_need_it(record, ct_image, ct_case):
    """Films first, whatever the order of the images; without any image as for a film."""
    both = record.model_copy(update={"images": (ct_image.model_copy(update={"id": "img-9"}), *record.images)})

    assert depths(record) == ["Depth is th"]
    assert depths(ct_case) == ["On CT depth"]
    assert depths(both) == ["Depth is th", "On CT depth"]
    assert depths(record.model_copy(update={"images": ()})) == ["Depth is th"]


def test_cut_offs_are_those_of_the_record(record):
    """3.5 mm set by a user is said, not the 4 mm of the default."""
    own = record.model_copy(update={"calibre_cutoffs_mm": record.calibre_cutoffs_mm.model_copy(update={"large": 3.5})})

    assert "large from 3.5 mm, medium from 2.0 mm" in guide(own, _).blocks[-1].text


def test_every_paragraph_on_the_disease_is_cited(record):
    cites = [block.cites for block in guide(record, _).blocks]

    assert all(cites[:4])
