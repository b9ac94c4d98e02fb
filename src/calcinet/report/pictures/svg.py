"""Lines, bands and letters of a drawing that a page and a sheet of paper can both hold."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Final

INK: Final = "#1d2228"
SOFT: Final = "#55606b"
GRID: Final = "#d5dade"
ACCENT: Final = "#0b5d7a"
BAND: Final = "#cfe3eb"
WARM: Final = "#b0651d"
"""Colours of the page by day; drawings stand on a white card, so that they look the same by night and on paper."""

LETTERS: Final = "'Noto Sans TC', system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"

Place = tuple[float, float]


@dataclass(slots=True)
class Drawing:
    """A drawing of `width` by `height` units, described in words for readers who cannot see it."""

    width: float
    height: float
    described: str
    parts: list[str] = field(default_factory=list)

    def line(self, a: Place, b: Place, *, colour: str = INK, width: float = 1.0, dash: str = "") -> None:
        """Draw a straight line."""
        dashed = ""
        if dash:
            dashed = f' stroke-dasharray="{dash}"'
        self.parts.append(
            f'<line x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}" stroke="{colour}"'
            f' stroke-width="{width:g}"{dashed}/>'
        )

    def path(self, points: Iterable[Place], *, colour: str = INK, width: float = 1.0) -> None:
        """Draw an open line through points."""
        self.parts.append(
            f'<polyline points="{_list_points(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}"'
            ' stroke-linejoin="round"/>'
        )

    def band(self, points: Iterable[Place], *, colour: str = BAND) -> None:
        """Fill what lies between points."""
        self.parts.append(f'<polygon points="{_list_points(points)}" fill="{colour}"/>')

    def dot(self, at: Place, *, colour: str = INK, radius: float = 3.5) -> None:
        """Draw a dot."""
        self.parts.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:g}" fill="{colour}"/>')

    def shape(self, points: Iterable[Place], *, fill: str, edge: str = "none", width: float = 1.0) -> None:
        """Draw a closed form through points."""
        self.parts.append(
            f'<polygon points="{_list_points(points)}" fill="{fill}" stroke="{edge}" stroke-width="{width:g}"'
            ' stroke-linejoin="round"/>'
        )

    def oval(
        self, at: Place, across: Place, *, fill: str, edge: str = "none", width: float = 1.0, dash: str = ""
    ) -> None:
        """Draw an ellipse by its centre and its two half-axes."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<ellipse cx="{at[0]:.1f}" cy="{at[1]:.1f}" rx="{across[0]:g}" ry="{across[1]:g}" fill="{fill}"'
            f' stroke="{edge}" stroke-width="{width:g}"{dashed}/>'
        )

    def letters(
        self, at: Place, text: str, *, anchor: str = "start", size: float = 11, colour: str = INK, bold: bool = False
    ) -> None:
        """Write on the line of `at`; `anchor` is start, middle or end."""
        style = f'text-anchor="{anchor}" font-size="{size:g}" fill="{colour}"'
        if bold:
            style += ' font-weight="700"'
        self.parts.append(f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" {style}>{escape(text)}</text>')

    def picture(self, jpeg: bytes, at: Place, size: Place) -> None:
        """Put a JPEG with its upper left corner at a place."""
        data = b64encode(jpeg).decode()
        self.parts.append(
            f'<image x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}"'
            f' preserveAspectRatio="none" href="data:image/jpeg;base64,{data}"/>'
        )

    def svg(self) -> str:
        """The drawing as one element."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" role="img"'
            f' aria-label="{escape(self.described)}" font-family="{LETTERS}">{"".join(self.parts)}</svg>'
        )


def _list_points(points: Iterable[Place]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
