"""What a document is made of, in words of its language: page and paper draw the same blocks."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "note", "warn", "good"]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, an item of a list or a cell of a table."""

    text: str
    lead: str = ""
    """Bold words before it."""
    cites: tuple[str, ...] = ()
    """Keys of references.toml."""
    tone: Tone = "plain"
    small: str = ""
    """A second line in small letters."""
    colour: str = ""
    """Of `lead`, which then is a disc or a label as on the picture; hexadecimal red, green and blue."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Prose, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its first column the name of the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[Prose, ...], ...]
    widths: tuple[float, ...] = ()
    """Of the columns, relative to one another; equal where not given."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its caption."""

    svg: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A list that opens under one line."""

    line: Prose
    """What it is, and the names in it."""
    items: tuple[Prose, ...]
    line_alone: bool = False
    """On paper, which does not open, without the list."""


Block = Prose | Items | Table | Figure | Heading | Folded


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a document with its heading; parts without blocks are left out."""

    key: str
    title: str
    blocks: tuple[Block, ...]


def cited(sections: tuple[Section, ...]) -> list[str]:
    """Keys of the references that sections cite, in the order in which they do."""
    prose = [item for section in sections for block in section.blocks for item in _prose(block)]
    return list(dict.fromkeys(key for item in prose for key in item.cites))


def _prose(block: Block) -> list[Prose]:
    if isinstance(block, Prose):
        return [block]
    if isinstance(block, Items | Folded):
        return list(block.items)
    if isinstance(block, Table):
        return [cell for row in block.rows for cell in row]
    return []
