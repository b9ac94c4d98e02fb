"""Sentences of the record about one mammogram."""

from collections.abc import Mapping
from typing import Final

from calcinet.protocols.mammogram.meanings import LENGTH_MM
from calcinet.record import NOT_A_CANCER_READING, ImageRecord
from calcinet.text import Text, counted, say, sentences

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


def describe_mammogram(image: ImageRecord) -> list[Text]:
    """What was found on one mammogram."""
    if image.breast is None:
        return [NOT_A_CANCER_READING]
    said = [state_grade(image.breast.grade)]
    arteries = len(image.breast.coarse_arteries) + len(image.breast.punctate_arteries)
    if arteries:
        said.append(_describe_arteries(arteries, image.measures.get(LENGTH_MM), image.intervals95.get(LENGTH_MM)))
    nets = image.findings_of("net")
    if nets:
        said.append(
            say(
                "Reticular (net-like) calcification marked under the skin (probability {probability:.2f}).",
                probability=max(net.probability or 0.0 for net in nets),
            )
        )
    return [*said, NOT_A_CANCER_READING]


def _describe_arteries(count: int, length_mm: float | None, interval: tuple[float, float] | None) -> Text:
    marked = counted(count, "{count} calcified artery marked", "{count} calcified arteries marked")
    if length_mm is None:
        return say("{marked}.", marked=marked)
    if interval is not None:
        return say(
            "{marked}, {length:.0f} mm of calcium in all (95 % interval {low:.0f} to {high:.0f} mm).",
            marked=marked,
            length=length_mm,
            low=interval[0],
            high=interval[1],
        )
    return counted(
        count,
        "{marked}, {length:.0f} mm of calcium along it.",
        "{marked}, {length:.0f} mm of calcium along them.",
        marked=marked,
        length=length_mm,
    )


def caution_coarse_pixels(pixel_mm: float) -> tuple[Text, ...]:
    """A caution where the pixels are coarser than those of mammography."""
    if pixel_mm <= COARSEST_MM:
        return ()
    caution = say(
        "pixels of {mm:.2g} mm are coarser than those of mammography (0.05 to 0.1 mm): fine calcium would be missed",
        mm=pixel_mm,
    )
    return (caution,)


def state_unknown_visibility(why: str, export: Text | None = None) -> Text:
    """That it is not known what the mammogram could have shown; first that it is an export, where it is one."""
    unknown = say("The limit of detection of this film is unknown: {why}.", why=why)
    if export is None:
        return unknown
    return sentences(export, unknown)


def state_grade(grade: int) -> Text:
    """The grade and what it means."""
    return say(
        "Breast arterial calcification grade {grade} of 3 (Canadian Society of Breast Imaging): {meaning}.",
        grade=grade,
        meaning=GRADES[grade],
    )


def state_spots(count: int) -> Text:
    """How much is dense and not arterial, and that nothing is said of it."""
    return counted(
        count,
        "{count} dense spot that is not arterial was seen and left out; it is not assessed.",
        "{count} dense spots that are not arterial were seen and left out; they are not assessed.",
    )
