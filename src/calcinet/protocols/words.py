"""Sentences of the record, in plain English."""

from collections.abc import Sequence

from calcinet.measure.visibility import ARTERIOLE_MM, CANNOT_TELL_MM, Visibility, negative_statement
from calcinet.record import FindingRecord, ImageRecord, Summary


def could_show(seen: Visibility | None, found: Sequence[FindingRecord], why: str = "") -> str:
    """What the film could have shown, said before what it shows; `why` it is unknown where it is."""
    if seen is None:
        return f"What this film could have shown is unknown: {why}."
    if not found:
        return negative_statement(seen).text
    finest = f"The finest calcified line that this film could show is {seen.resolvable_mm:.2f} mm wide"
    if seen.resolvable_mm <= ARTERIOLE_MM:
        return f"{finest}."
    if seen.resolvable_mm <= CANNOT_TELL_MM:
        return f"{finest}; finer arterioles would be missed."
    return f"{finest}; it cannot tell whether arterioles are calcified."


def found_sentences(found: Sequence[FindingRecord], resolvable_mm: float | None) -> list[str]:
    """What was found on one film, most telling first; what was not, with what could have been seen of it."""
    nets = [f for f in found if f.kind == "net"]
    vessels = [f for f in found if f.kind == "vessel"]
    foci = [f for f in found if f.kind == "focus"]
    sentences = [
        _net_sentence(nets) if nets else _none("net-like calcification", resolvable_mm),
        _vessel_sentence(vessels) if vessels else _none("calcified vessel", resolvable_mm),
    ]
    if foci:
        sentences.append(f"{_counted(len(foci), 'other spot', 'other spots')} of soft-tissue calcium marked.")
    return sentences


def summary(images: Sequence[ImageRecord]) -> Summary:
    """The examination in a few sentences."""
    examined = [image for image in images if image.refused is None]
    if not examined:
        return Summary(sentences=("No image could be examined.",))
    sentences = []
    for image in examined:
        place = f"{image.id} ({image.anatomy}{', ' + image.laterality if image.laterality else ''}): "
        sentences.append(place + " ".join(found_sentences(image.findings, image.resolvable_mm)))
    refused = len(images) - len(examined)
    if refused:
        sentences.append(f"{_counted(refused, 'image was', 'images were')} refused; the reasons stand beside.")
    return Summary(sentences=tuple(sentences))


def _none(what: str, resolvable_mm: float | None) -> str:
    """A negative, which never goes further than the film."""
    if resolvable_mm is None:
        return f"No {what} was marked; how fine a line this film could show is unknown."
    if resolvable_mm > CANNOT_TELL_MM:
        return f"No {what} was marked; this film cannot tell of lines finer than {resolvable_mm:.2f} mm."
    return f"No {what} with lines of {resolvable_mm:.2f} mm or wider was marked."


def _net_sentence(nets: Sequence[FindingRecord]) -> str:
    probability = max(f.probability or 0 for f in nets)
    area = [f.area_mm2 for f in nets if f.area_mm2 is not None]
    size = f" over {sum(area) / 100:.1f} cm2" if area else ""
    return f"Net-like calcification marked{size} (probability {probability:.2f})."


def _vessel_sentence(vessels: Sequence[FindingRecord]) -> str:
    widths = [f.calibre_mm for f in vessels if f.calibre_mm is not None]
    sentence = f"{_counted(len(vessels), 'calcified vessel', 'calcified vessels')} marked"
    if widths:
        low, high = min(widths), max(widths)
        sentence += f", {low:.1f} mm wide" if high - low < 0.1 else f", {low:.1f} to {high:.1f} mm wide"
    classes = sorted({f.calibre_class for f in vessels if f.calibre_class}, key=_ORDER.index)
    return f"{sentence} ({', '.join(classes)})." if classes else f"{sentence}."


_ORDER = ["large", "medium", "small", "arteriole", "not resolvable"]


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
