"""All pictures of one image, drawn once for page, paper and files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from calcinet.report.language import translator
from calcinet.report.pictures.canvas import Canvas, Panel
from calcinet.report.pictures.drawing import Picture
from calcinet.report.pictures.figures import Pair, close_ups, overview, overview_scale


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DrawnImage:
    """The pictures of one image."""

    overview: Pair
    close_ups: list[Pair]
    panels: list[Panel] = field(default_factory=list)
    """Of a CT: from the side, and straightened."""
    oriented: bool = True
    """Of a CT: whether it is known which side is the patient's left."""


def draw_image(canvas: Canvas) -> DrawnImage:
    """Draw all pictures of an image that the page shows."""
    oriented = True
    if canvas.record.ct is not None and canvas.pixels.volume is not None:
        oriented = canvas.pixels.volume.oriented
    return DrawnImage(
        overview=overview(canvas),
        close_ups=close_ups(canvas),
        panels=canvas.modality.draw_panels(canvas, overview_scale(canvas)),
        oriented=oriented,
    )


class Drawings(Mapping[str, DrawnImage]):
    """The pictures of each image, drawn when they are asked for; only the last ones are kept, for they are large."""

    def __init__(self, canvases: Mapping[str, Canvas]) -> None:
        self._canvases = canvases
        self._last: tuple[str, DrawnImage] | None = None

    def __getitem__(self, key: str) -> DrawnImage:
        if self._last is None or self._last[0] != key:
            self._last = (key, draw_image(self._canvases[key]))
        return self._last[1]

    def __contains__(self, key: object) -> bool:
        return key in self._canvases

    def __iter__(self) -> Iterator[str]:
        return iter(self._canvases)

    def __len__(self) -> int:
        return len(self._canvases)


def draw_marked_picture(canvas: Canvas, drawings: Mapping[str, DrawnImage], language: str) -> Picture:
    """Draw the whole image with its marks and a legend, red, green and blue, shape (Y, X, 3); of a CT all its panels.

    What is in `drawings` is not drawn again.
    """
    drawn = drawings.get(canvas.record.id)
    if drawn is None:
        marked = overview(canvas).marked
        panels = canvas.modality.draw_panels(canvas, overview_scale(canvas))
    else:
        marked, panels = drawn.overview.marked, drawn.panels
    return canvas.modality.finish(marked, canvas, panels, translator(language))
