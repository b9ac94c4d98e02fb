"""Views of parts of the body, joined with the whole-body scan of the same examination."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from calcinet.record import ImageRecord, Refusal
from calcinet.text import say

SAME_EXAMINATION_H: Final = 8.0
"""Views of parts that were begun this near to the whole body are of its examination. Our choice: blood pool, delayed
and late views of one day."""

ALONE: Final = say(
    "found a bone scan of a part of the body without the whole body of the same examination: limbs are not told apart "
    "on it, and nothing could be measured; give the whole-body scan with it"
)
"""Why a view of a part is refused."""


def join_spot_views(images: Sequence[ImageRecord], scanned_h: Mapping[str, float]) -> list[ImageRecord]:
    """Name the views of parts with their whole body and this with them; those without one are refused.

    Parameters
    ----------
    images
        Records of one patient, in any order.
    scanned_h
        Beginning of each scan in hours on one clock, by image id. A view without it is joined only where there is one
        whole body in all.
    """
    wholes = [image for image in images if image.scintigram is not None and image.scintigram.segments]
    found: dict[str, str] = {}
    joined = []
    for image in images:
        if image.scintigram is None or image.scintigram.whole_body or image.refused is not None:
            joined.append(image)
            continue
        whole = _find_whole_body(image, wholes, scanned_h)
        if whole is None:
            joined.append(_refuse(image))
            continue
        found[image.id] = whole.id
        sentence = say(
            "A view of a part of the body that {whole} shows as a whole: limbs are measured there.", whole=whole.id
        )
        joined.append(image.model_copy(update={"statements": (*image.statements, sentence)}))
    return [_name_views(image, found) for image in joined]


def _find_whole_body(
    spot: ImageRecord, wholes: Sequence[ImageRecord], scanned_h: Mapping[str, float]
) -> ImageRecord | None:
    """The nearest in time, within `SAME_EXAMINATION_H`; where a time is not known, the only one."""
    timed = [whole for whole in wholes if whole.id in scanned_h]
    if spot.id not in scanned_h or not timed:
        return wholes[0] if len(wholes) == 1 else None
    nearest = min(timed, key=lambda whole: abs(scanned_h[whole.id] - scanned_h[spot.id]))
    if abs(scanned_h[nearest.id] - scanned_h[spot.id]) > SAME_EXAMINATION_H:
        return None
    return nearest


def _refuse(spot: ImageRecord) -> ImageRecord:
    nothing: dict[str, Any] = {
        "measures": {},
        "intervals95": {},
        "not_measured": (),
        "statements": (),
        "scintigram": None,
    }
    return spot.model_copy(update={**nothing, "refused": Refusal(reason=ALONE, code="spot-view")})


def _name_views(whole: ImageRecord, found: Mapping[str, str]) -> ImageRecord:
    """The whole body with the views of its parts, `found` by their ids; itself where there are none."""
    spots = [spot for spot, its_whole in found.items() if its_whole == whole.id]
    if not spots or whole.scintigram is None:
        return whole
    sentence = say(
        "Views of parts of the body of this examination lie beside it and are shown, not measured: {views:, }.",
        views=spots,
    )
    scan = whole.scintigram.model_copy(update={"spot_views": tuple(spots)})
    return whole.model_copy(update={"statements": (*whole.statements, sentence), "scintigram": scan})
