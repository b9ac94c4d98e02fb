"""A draft as Markdown (CommonMark with pipe tables)."""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from calcinet.report.blocks import Block, Heading, Items, Prose, Table
from calcinet.report.casereport.draft import Draft, Photo

ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""HTML is text, and so is what looks like a character of it (CommonMark 0.31 2.5, 6.6)."""

MARKS: Final = re.compile(r"[\\\\`*_\[\]|~$^@]")
"""What marks emphasis, code, links, pictures, cells, formulas and addresses wherever it stands."""

BLOCK_START: Final = re.compile(r"^(?:[#+\-=:]|\d+(?=[.)]))")
"""What begins a heading, a list or a line across where it stands first."""

ASKING: Final = re.compile(r"\[\w+\]")
"""What asks the author."""

ADDRESS: Final = re.compile(
    r"(?i)(?:(?<=www)\.|:(?=//)|(?<=mailto):|(?<=xmpp):|(?<=javascript):|(?<=data):|(?<=file):)"
)
"""Where an address may be taken for a link although nobody marked it as one (GFM 6.9)."""


def escape(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line.

    >>> print(escape("# <b>[x](http://a)").replace(chr(92), "/"))
    /# &lt;b&gt;/[x/](http/://a)
    """
    line = " ".join(text.split())
    line = ADDRESS.sub(_put_backslash, MARKS.sub(_put_backslash, line)).translate(ENTITIES)
    return BLOCK_START.sub(_mark_start, line)


def _write_lead(lead: str) -> str:
    """As `escape`; one word in brackets, which asks the author, stays: without an address it is no link."""
    if ASKING.fullmatch(lead):
        return lead
    return escape(lead)


def _put_backslash(found: re.Match[str]) -> str:
    return "\\" + found[0]


def _mark_start(found: re.Match[str]) -> str:
    """A backslash before a sign, but behind a number: it is the full stop after it that makes a list."""
    if found[0].isdigit():
        return found[0] + "\\"
    return "\\" + found[0]


def to_markdown(draft: Draft, folder: str, references: str) -> str:
    """Write a draft whose pictures are in `folder`, beside the file; `references` is the heading of the sources."""
    lines = [f"# {escape(draft.title)}", "", f"*{escape(draft.note)}*", ""]
    for section in draft.sections:
        lines += [f"## {escape(section.title)}", ""]
        for block in section.blocks:
            lines += [*_write_block(block, draft), ""]
        for number, photo in enumerate(draft.photos.get(section.key, ()), start=1):
            lines += [*_write_photo(photo, number, folder), ""]
    if draft.references:
        lines += [f"## {references}", ""]
        lines += [f"{number}. {text}" for number, text in enumerate(draft.references.values(), start=1)]
        lines.append("")
    return "\n".join(lines)


def _write_photo(photo: Photo, number: int, folder: str) -> list[str]:
    caption = escape(photo.caption)
    return [f"![{caption}]({quote(folder)}/{quote(photo.name)})", "", f"**{number}.** {caption}"]


def _write_block(block: Block, draft: Draft) -> Iterator[str]:
    if isinstance(block, Prose):
        yield _write_prose(block, draft)
    elif isinstance(block, Heading):
        yield f"### {escape(block.text)}"
    elif isinstance(block, Items):
        for item in block.items:
            yield f"- {_write_prose(item, draft)}"
    elif isinstance(block, Table):
        yield f"| {' | '.join(map(escape, block.head))} |"
        yield f"|{' --- |' * len(block.head)}"
        for row in block.rows:
            yield _write_row(row, draft)


def _write_row(row: Sequence[Prose], draft: Draft) -> str:
    return f"| {' | '.join(_write_prose(cell, draft) for cell in row)} |"


def _write_prose(item: Prose, draft: Draft) -> str:
    text = escape(item.text)
    if item.lead:
        text = f"**{_write_lead(item.lead)}** {text}"
    if item.small:
        text = f"{text} ({escape(item.small)})"
    return text + draft.marks(item)
