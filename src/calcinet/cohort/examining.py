"""Phase 2: one film after the other, in a process that has the networks loaded; no page, and no picture of nothing."""

import gc
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from calcinet import weights_manifest
from calcinet.api import examine_with_images
from calcinet.cohort.choice import Chosen
from calcinet.cohort.sources import GONE, Source, reopen_source
from calcinet.errors import BadInput, MachineFault, Unreadable
from calcinet.examined import ExaminedImage
from calcinet.machine import is_want_of_memory
from calcinet.progress import stages_told
from calcinet.record import ImageRecord, Record
from calcinet.text import Text
from calcinet.version import __version__

FETCHING: Final = "fetching"
"""Stage in which the bytes of a film are waited for; they are read while the film before is examined."""

PICTURE: Final = "thumbnail"

NEARLY_NET: Final = 0.5
"""From this score on a film has a picture although nothing was marked. Our choice: as for calling; few films are."""

NETWORKS: Final = ("radiograph", "mammogram")

UNSEARCHED: Final = ("NM",)
"""Modalities on which nothing is looked for that a row tells of: there it is not known."""

UNEXPECTED: Final = "unexpected-failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one film."""

    film: str
    measured: dict[str, Any] | None = None
    """By column of `columns.MEASURED`; None where it was not examined."""
    code: str = ""
    reason: str = ""
    thumbnail: bytes | None = field(default=None, repr=False)
    """JPEG; None of a film that deserves none, or may not be shown."""
    seconds: dict[str, float] = field(default_factory=dict)
    """By stage."""


def write_stamp() -> str:
    """What must be the same in all processes of a run: version and weights."""
    return " ".join((__version__, *(str(weights_manifest.sha256(name)) for name in NETWORKS)))


def examine_films(address: str, films: Sequence[Chosen], *, stamp: str | None = None) -> list[Outcome]:
    """Examine films one after the other; the next is read meanwhile.

    Parameters
    ----------
    address
        Of the archive.
    films
        Few.
    stamp
        `write_stamp` of the process that gave the films; None of this one.

    Raises
    ------
    MachineFault
        If the archive does not answer any more: its films did not fail. If the stamps differ.
    """
    if stamp not in (None, write_stamp()):
        raise MachineFault("a worker has another version of calcinet, or other weights: install the same everywhere")
    source = reopen_source(address)
    outcomes = []
    with ThreadPoolExecutor(max_workers=1) as reader:
        for film, waiting in _read_ahead(source, films, reader):
            outcomes.append(_examine_film(source, film, waiting))
    gc.collect()
    return outcomes


def _read_ahead(
    source: Source, films: Sequence[Chosen], reader: ThreadPoolExecutor
) -> Iterator[tuple[Chosen, "Future[list[bytes]]"]]:
    ahead = None
    for number, film in enumerate(films):
        waiting = ahead or reader.submit(_load, source, film)
        ahead = None
        if number + 1 < len(films):
            ahead = reader.submit(_load, source, films[number + 1])
        yield film, waiting


def _load(source: Source, film: Chosen) -> list[bytes]:
    return [source.load(path, member, None) for path, member in film.files]


def _examine_film(source: Source, film: Chosen, waiting: "Future[list[bytes]]") -> Outcome:
    """Everything that can go wrong with one film becomes a row of its own."""
    clock = _Clock()
    try:
        contents = waiting.result()
        with stages_told(clock.tell):
            record, images = examine_with_images(contents)
        image, examined = _pick_image(record, images)
        if image.refused is not None:
            return _fail(film, image.refused.code, image.refused.reason, clock)
        clock.tell(PICTURE, 1.0)
        thumbnail = _draw(image, examined)
        return Outcome(film=film.film, measured=measure_row(image), thumbnail=thumbnail, seconds=clock.stop())
    except Unreadable as error:
        if not source.is_there():
            raise MachineFault(GONE) from error
        return _fail(film, error.code, str(error), clock)
    except BadInput as error:
        return _fail(film, "bad-input", str(error), clock)
    except MachineFault:
        raise
    except Exception as error:
        if is_want_of_memory(error):
            return _fail(film, "no-memory", "the memory of this process was not enough for the film", clock)
        reason = f"unexpected failure ({type(error).__name__}): please tell the developers"
        return _fail(film, UNEXPECTED, reason, clock)


class _Clock:
    """How long each stage takes."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._stage, self._since = FETCHING, time.perf_counter()

    def tell(self, what: Text | str, share: float) -> None:
        """A stage begins, or goes on."""
        del share
        now, what = time.perf_counter(), str(what)
        if what != self._stage:
            self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
            self._stage, self._since = what, now

    def stop(self) -> dict[str, float]:
        """Seconds by stage, rounded to milliseconds."""
        self.tell("", 1.0)
        return {stage: round(seconds, 3) for stage, seconds in self._seconds.items()}


def _fail(film: Chosen, code: str, reason: str, clock: _Clock) -> Outcome:
    return Outcome(film=film.film, code=code, reason=reason, seconds=clock.stop())


def _pick_image(record: Record, images: dict[str, ExaminedImage]) -> tuple[ImageRecord, ExaminedImage | None]:
    """The image of a film: the first that was examined, else the first that was refused."""
    for image in (*record.examined, *record.images):
        return image, images.get(image.id)
    raise Unreadable("the file holds no image", code="no-image")


def measure_row(image: ImageRecord) -> dict[str, Any]:
    """What a row of results says of an examined image, by column; a bone scan has no nets, vessels or foci to count."""
    if image.modality in UNSEARCHED:
        return {"cautions": len(image.cautions)}
    nets, vessels = image.findings_of("net"), image.findings_of("vessel")
    lengths_mm = [vessel.length_mm for vessel in vessels]
    low, high = image.intervals95.get("net.area_cm2", (None, None))
    measures = image.measures
    return {
        "net_probability": measures.get("net.probability"),
        "net_score": image.net_score,
        "net_called": bool(nets),
        "nets": len(nets),
        "net_area_cm2": measures.get("net.area_cm2"),
        "net_area_low_cm2": low,
        "net_area_high_cm2": high,
        "net_mesh_mm": measures.get("net.mesh_mm"),
        "vessels": len(vessels),
        "vessel_length_mm": None if None in lengths_mm else float(sum(filter(None, lengths_mm))),
        "foci": len(image.findings_of("focus")),
        "calcified_area_mm2": measures.get("calcified_area_mm2"),
        "resolvable_mm": image.resolvable_mm,
        "net_line_mm": measures.get("net_line_mm"),
        "noise": measures.get("noise"),
        "blur_fwhm_mm": measures.get("blur_fwhm_mm"),
        "cautions": len(image.cautions),
    }


def deserves_picture(image: ImageRecord) -> bool:
    """Whether somebody may want to look at it: something was marked, or a place is nearly like a net."""
    return bool(image.findings) or (image.net_score or 0.0) >= NEARLY_NET


def _draw(image: ImageRecord, examined: ExaminedImage | None) -> bytes | None:
    """A small picture with outlines, of a film that deserves one."""
    if examined is None or not deserves_picture(image):
        return None
    from calcinet.cohort.thumbnails import draw_thumbnail

    return draw_thumbnail(image, examined)
