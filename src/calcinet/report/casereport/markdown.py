"""A draft as Markdown (CommonMark with pipe tables)."""

from collections.abc import Iterator, Sequence

from calcinet.report.blocks import Block, Heading, Items, Prose, Table
from calcinet.report.casereport.draft import Draft, Photo


def to_markdown(draft: Draft, folder: str, references: str) -> str:
    """Write a draft whose pictures are in `folder`, beside the file; `references` is the heading of the sources."""
    lines = [f"# {draft.title}", "", f"*{draft.note}*", ""]
    for section in draft.sections:
        lines += [f"## {section.title}", ""]
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
    alternative = photo.caption.replace("[", "(").replace("]", ")")
    return [f"![{alternative}]({folder}/{photo.name})", "", f"**{number}.** {photo.caption}"]


def _write_block(block: Block, draft: Draft) -> Iterator[str]:
    if isinstance(block, Prose):
        yield _write_prose(block, draft)
    elif isinstance(block, Heading):
        yield f"### {block.text}"
    elif isinstance(block, Items):
        for item in block.items:
            yield f"- {_write_prose(item, draft)}"
    elif isinstance(block, Table):
        yield f"| {' | '.join(block.head)} |"
        yield f"|{' --- |' * len(block.head)}"
        for row in block.rows:
            yield _write_row(row, draft)


def _write_row(row: Sequence[Prose], draft: Draft) -> str:
    cells = [_write_prose(cell, draft).replace("|", "\\|").replace("\n", " ") for cell in row]
    return f"| {' | '.join(cells)} |"


def _write_prose(item: Prose, draft: Draft) -> str:
    text = item.text
    if item.lead:
        text = f"**{item.lead}** {text}"
    if item.small:
        text = f"{text} ({item.small})"
    return text + draft.marks(item)
