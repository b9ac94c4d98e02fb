"""DICOM objects that are no images: beside images they are passed over, and one sentence says how many."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.options import PROJECTIONS
from calcinet.io.radiograph.dicom_reader import NEVER_FILMS, is_own_picture
from calcinet.io.study_items import File, Item
from calcinet.text import Text, counted, say

OTHER_PICTURES: Final = ("MR", "US", "PT")
"""Of `NEVER_FILMS` those that are images: whoever gives one is told that it is not examined."""

IMAGES: Final = (*PROJECTIONS, "CT", "NM")
"""Modalities that are examined: a file of one that lacks its pixels is a damaged image, and is refused as such."""

PIXELS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData", "PixelDataProviderURL")


def is_object(dataset: Dataset, modality: str | None) -> bool:
    """Whether a data set is no image, by its modality, or because it has no pixels.

    Segmentations and radiotherapy doses have pixels that are no picture of a patient; films that this program drew its
    marks on would be examined with them.
    """
    if is_own_picture(dataset):
        return True
    if modality in IMAGES or modality in OTHER_PICTURES:
        return False
    return modality in NEVER_FILMS or not any(keyword in dataset for keyword in PIXELS)


def set_aside(items: Sequence[Item], files: Sequence[File]) -> tuple[list[Item], Text | None]:
    """Pass over what is no image where there are images; alone, it stays refused.

    Parameters
    ----------
    items
        Of the call, in order.
    files
        All files of the call.

    Returns
    -------
    The items that remain, and the sentence on the others; None where there are none.
    """
    if all(item.refusal is not None for item in items):
        return list(items), None
    kept: list[Item] = []
    beside: list[File] = []
    for item in items:
        own = [files[number] for number in item.numbers]
        if item.refusal is not None and own and all(file.is_object for file in own):
            beside += own
        else:
            kept.append(item)
    return kept, _describe(beside)


def _describe(beside: Sequence[File]) -> Text | None:
    if not beside:
        return None
    kinds = Counter(file.modality or "" for file in beside)
    named = [say("{kind} ({count})", kind=_name_kind(kind), count=count) for kind, count in kinds.items()]
    return counted(
        len(beside),
        "{count} file beside the images holds no image and was passed over: {kinds:, }.",
        "{count} files beside the images hold no image and were passed over: {kinds:, }.",
        kinds=named,
    )


def _name_kind(modality: str) -> str:
    if not modality:
        return say("no known modality in the header")
    return NEVER_FILMS.get(modality) or say("an object of modality {filed}", filed=modality)
