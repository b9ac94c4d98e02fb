"""What a document is made of, in words of its language: page and paper draw the same blocks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal, Protocol

from calcinet.report.labels import Translate

SENTENCE_END: Final = re.compile(r"(?<=[.。])(?:\s+|$)|(?<=。)")
"""After a sentence, in English and in Chinese."""

Tone = Literal["plain", "note", "warn", "good"]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, an item of a list or a cell of a table."""

    text: str
    _: KW_ONLY
    lead: str = ""
    """Bold words before it."""
    cites: tuple[str, ...] = ()
    """Keys of references.toml."""
    tone: Tone = "plain"
    small: str = ""
    """A second line in small letters."""
    colour: str = ""
    """Colour of `lead`, which then is a disc or a label as on the picture; hexadecimal red, green and blue."""


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
    """Widths of the columns, relative to one another; equal where not given."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its caption."""

    svg: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A clinical photograph, by the id under which its picture is given to page and paper."""

    name: str
    caption: str


@dataclass(frozen=True, slots=True)
class Copied:
    """A text to be copied as a whole, for instance into the notes."""

    text: str


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


Block = Prose | Items | Table | Figure | Photograph | Copied | Heading | Folded


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a document with its heading; parts without blocks are left out."""

    key: str
    title: str
    blocks: tuple[Block, ...]


def cited(sections: Iterable[Section]) -> list[str]:
    """Keys of the references that sections cite, in the order in which they do."""
    keys: dict[str, None] = {}
    for section in sections:
        for block in section.blocks:
            for item in _list_prose(block):
                keys |= dict.fromkeys(item.cites)
    return list(keys)


def cite(reference: str | None) -> tuple[str, ...]:
    """Give the `cites` of a sentence that has one reference or none.

    >>> cite("ng_case"), cite(None), cite("")
    (('ng_case',), (), ())
    """
    if not reference:
        return ()
    return (reference,)


def quote(words: str, _: Translate) -> str:
    """Words of somebody else, between the marks of the language."""
    return _('"{words}"', words=words)


def cut_first_sentence(text: str) -> str:
    """Keep the first sentence, in English or in Chinese; a decimal point ends none.

    >>> cut_first_sentence("Pixels of 0.15 mm. Two views."), cut_first_sentence("兩個角度。像素。")
    ('Pixels of 0.15 mm.', '兩個角度。')
    """
    return SENTENCE_END.split(text, maxsplit=1)[0]


def say_each(texts: Iterable[str], _: Translate, *, tone: Tone = "plain") -> list[Prose]:
    """Say each text in the language of the page, as a paragraph of its own."""
    return [Prose(_(text), tone=tone) for text in texts]


def itemise(texts: Iterable[str], _: Translate, *, tone: Tone = "plain") -> Items:
    """Say each text in the language of the page, as an item of one list."""
    return Items(tuple(say_each(texts, _, tone=tone)))


class Labelled(Protocol):
    """What has a label for people."""

    @property
    def label(self) -> str:
        """The label."""


def itemise_labels(entries: Iterable[Labelled], _: Translate) -> Items:
    """List entries by their labels."""
    return itemise([entry.label for entry in entries], _)


def keep_filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Leave out sections without blocks."""
    return tuple(section for section in sections if section.blocks)


def hexadecimal(colour: tuple[int, int, int]) -> str:
    """Write red, green and blue as style sheets have them.

    >>> hexadecimal((255, 108, 40))
    '#ff6c28'
    """
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _list_prose(block: Block) -> Iterator[Prose]:
    if isinstance(block, Prose):
        yield block
    elif isinstance(block, Items | Folded):
        yield from block.items
    elif isinstance(block, Table):
        for row in block.rows:
            yield from row
