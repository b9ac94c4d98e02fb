"""Where on the body the lesions lie and what the images show: a drawing, and the same as a list."""

from collections.abc import Iterator
from string import ascii_lowercase
from typing import Final

from calcinet.record import EarlierImage, ImageRecord, Lesion, Record
from calcinet.report.blocks import Block, Figure, Items, Prose
from calcinet.report.language import Language
from calcinet.report.pictures.body_drawing import GROUPS, NET, NO_NET, OTHER_LESION, Mark, body_drawing
from calcinet.report.sections.image_name import image_name
from calcinet.text import say

Entry = tuple[Mark, str]
"""A mark, and what it stands for."""

MOST_IMAGES: Final = 12
"""Images that are drawn. Our choice: more squares would hide the body; the details name all."""


def draw_body(record: Record, _: Language) -> Iterator[Block]:
    """Draw the body with its marks and list them; nothing where neither a lesion nor an image has a place."""
    entries = [*_mark_lesions(record, _), *_mark_images(record, _)]
    if not any(mark.drawn_at for mark, _text in entries):
        return
    told = [_("{name}: {what}", name=mark.name, what=text) for mark, text in entries]
    described = _("Body from the front and from the back. {marks:; }.", marks=told)
    caption = _(
        "Discs are lesions, squares are images, filled where a net-like pattern was marked or read; a dashed disc "
        "stands on both sides where the side was not stated."
    )
    yield Figure(body_drawing([mark for mark, _text in entries], described, _), caption)
    yield Items(tuple(Prose(text, lead=mark.name, colour=mark.colour) for mark, text in entries))


def _mark_lesions(record: Record, _: Language) -> Iterator[Entry]:
    for number, lesion in enumerate(record.clinical.lesions, start=1):
        yield _mark_lesion(lesion, str(number)), _(lesion.label)


def _mark_lesion(lesion: Lesion, name: str) -> Mark:
    return Mark(
        name=name,
        site=lesion.site,
        side=lesion.side,
        aspect=lesion.aspect,
        colour=GROUPS.get(lesion.kind, OTHER_LESION),
    )


def _mark_images(record: Record, _: Language) -> Iterator[Entry]:
    """Mark the images that a person read and those examined, in the order of the record."""
    images: list[EarlierImage | ImageRecord] = [*record.clinical.imaging, *record.examined]
    for name, image in zip(ascii_lowercase, images[:MOST_IMAGES], strict=False):
        if isinstance(image, EarlierImage):
            yield _mark_earlier_image(image, name), _(image.label)
        else:
            yield _mark_examined_image(image, name), _describe_examined_image(image, _)


def _mark_earlier_image(image: EarlierImage, name: str) -> Mark:
    colour = NET if image.net_like else NO_NET
    return Mark(name=name, site=image.site or "", side=image.side, colour=colour, is_image=True)


def _mark_examined_image(image: ImageRecord, name: str) -> Mark:
    colour = NET if _shows_net(image) else NO_NET
    return Mark(name=name, site=image.anatomy, side=image.laterality, colour=colour, is_image=True)


def _shows_net(image: ImageRecord) -> bool:
    return any(finding.kind == "net" for finding in image.findings)


def _describe_examined_image(image: ImageRecord, _: Language) -> str:
    """Name an image and say whether a net was marked on it; of an unknown body part, that it has no place here."""
    if image.anatomy == "unknown":
        return _("{image}: body part not known, not drawn", image=image_name(image, _))
    found = say("net-like calcification marked") if _shows_net(image) else say("no net-like calcification marked")
    return _("{image}: {found}", image=image_name(image, _), found=found)
