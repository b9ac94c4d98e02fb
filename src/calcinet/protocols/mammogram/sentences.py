"""Sentences of the record about mammograms."""

from collections.abc import Mapping
from typing import Final

from calcinet.record import NOT_A_CANCER_READING, BreastRecord, ImageRecord
from calcinet.text import Text, counted, say

GRADES: Final[Mapping[int, Text]] = {
    0: say("no arterial calcification"),
    1: say("few punctate arterial calcifications"),
    2: say("coarse or tram-track calcification in fewer than three arteries"),
    3: say("severe calcification, in three arteries or more"),
}
"""What each grade means. [csbi_bac]"""

NO_CONTRAST: Final = say(
    "the contrast of calcium cannot be read from a mammogram: the breast is compressed to one thickness"
)
"""Why there is no thinnest visible line."""

SIZE_ASSUMED: Final = say(
    "no pixel size: dots and longer calcium were told apart as if the picture showed a whole mammogram of 24 cm"
)

COARSEST_MM: Final = 0.12
"""A coarser pixel is not one of mammography. Our choice: detectors and scanners of films have 0.05 to 0.1 mm."""

NO_ARTERY: Final = say("no calcified artery was found")


def breast_found(image: ImageRecord, breast: BreastRecord) -> list[Text]:
    """What was found on one mammogram."""
    nets = [f for f in image.findings if f.kind == "net"]
    told = [grade_sentence(breast.grade), *_arteries(image, breast)]
    if nets:
        told.append(
            say(
                "Net-like calcification marked under the skin (probability {probability:.2f}).",
                probability=max(f.probability or 0.0 for f in nets),
            )
        )
    return [*told, NOT_A_CANCER_READING]


def too_coarse(pixel_mm: float) -> tuple[Text, ...]:
    """A remark where the pixels are coarser than those of mammography."""
    if pixel_mm <= COARSEST_MM:
        return ()
    return (
        say(
            "pixels of {mm:.2g} mm are coarser than those of mammography (0.05 to 0.1 mm): fine calcium would be "
            "missed",
            mm=pixel_mm,
        ),
    )


def unknown(why: str) -> Text:
    """What the mammogram could have shown, which is not known."""
    return say("What this film could have shown is unknown: {why}.", why=why)


def grade_sentence(grade: int) -> Text:
    """The grade and what it means."""
    return say(
        "Breast arterial calcification grade {grade} of 3 (Canadian Society of Breast Imaging): {meaning}.",
        grade=grade,
        meaning=GRADES[grade],
    )


def _arteries(image: ImageRecord, breast: BreastRecord) -> list[Text]:
    count = len(breast.coarse_arteries) + len(breast.punctate_arteries)
    if not count:
        return []
    marked = counted(count, "{count} calcified artery marked", "{count} calcified arteries marked")
    length = image.measures.get("bac.length_mm")
    if length is None:
        return [say("{marked}.", marked=marked)]
    return [
        counted(
            count,
            "{marked}, {length:.0f} mm of calcium along it.",
            "{marked}, {length:.0f} mm of calcium along them.",
            marked=marked,
            length=length,
        )
    ]


def spots_sentence(count: int) -> Text:
    """What is dense and not arterial, and that nothing is said of it."""
    return counted(
        count,
        "{count} dense spot that is not arterial was seen and left out; it is not assessed.",
        "{count} dense spots that are not arterial were seen and left out; they are not assessed.",
    )
