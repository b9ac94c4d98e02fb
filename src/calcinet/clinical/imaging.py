"""An earlier image in words: what it is, and what a person read on it."""

from calcinet.clinical.history import Imaging
from calcinet.clinical.lesion_text import SIDES
from calcinet.text import Text, say


def in_words(image: Imaging) -> Text:
    """Say an image, for instance "film, lower leg, left: net-like calcification, no calcified vessel"."""
    where = [
        say(image.modality),
        *([say(image.site)] if image.site else []),
        *([SIDES[image.side]] if image.side else []),
    ]
    where += [say("with contrast")] if image.contrast else []
    return say("{where}: {what}", where=where, what=_read(image) or [say("no reading stated")])


def _read(image: Imaging) -> list[str]:
    """What is there, what is not, and how good the image was; nothing of what was not stated."""
    answers = (
        (image.net_like, say("net-like calcification"), say("no net-like calcification")),
        (_shows_vessels(image), _list_calibres(image), say("no calcified vessel")),
        (image.soft_tissue_calcium, say("other soft-tissue calcium"), say("no other soft-tissue calcium")),
        (image.uptake, say("uptake of soft tissue"), say("no uptake of soft tissue")),
        (image.malignancy_suspected, say("suspicious for cancer"), say("not suspicious for cancer")),
        (image.quality == "limited" or None, say("limited quality"), ""),
    )
    return [yes if answer else no for answer, yes, no in answers if answer is not None]


def _shows_vessels(image: Imaging) -> bool | None:
    return None if image.vessels is None else bool(image.vessels)


def _list_calibres(image: Imaging) -> Text:
    return say("calcified vessels ({classes:, })", classes=[say(kind) for kind in image.vessels or ()])
