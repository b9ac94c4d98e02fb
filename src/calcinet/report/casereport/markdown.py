"""A draft as Markdown (CommonMark with pipe tables)."""

from collections.abc import Iterator

from calcinet.report.blocks import Block, Heading, Items, Prose, Table
from calcinet.report.casereport.draft import Draft, Photo


def to_markdown(draft: Draft, folder: str, references: str) -> str:
    """Write a draft whose pictures lie in `folder`, beside the file; `references` is the heading of the sources."""
    lines = [f"# {draft.title}", "", f"*{draft.note}*", ""]
    for section in draft.sections:
        lines += [f"## {section.title}", ""]
        for block in section.blocks:
            lines += [*_block(block, draft), ""]
        for number, photo in enumerate(draft.photos.get(section.key, ()), start=1):
            lines += [*_photo(photo, number, folder), ""]
    if draft.references:
        lines += [
            f"## {references}",
            "",
            *(f"{n}. {text}" for n, text in enumerate(draft.references.values(), start=1)),
            "",
        ]
    return "\n".join(lines)


def _photo(photo: Photo, number: int, folder: str) -> list[str]:
    return [f"![{_plain(photo.caption)}]({folder}/{photo.name})", "", f"**{number}.** {photo.caption}"]


def _block(block: Block, draft: Draft) -> Iterator[str]:
    if isinstance(block, Prose):
        yield _prose(block, draft)
    elif isinstance(block, Heading):
        yield f"### {block.text}"
    elif isinstance(block, Items):
        yield from (f"- {_prose(item, draft)}" for item in block.items)
    elif isinstance(block, Table):
        yield f"| {' | '.join(block.head)} |"
        yield f"|{' --- |' * len(block.head)}"
        yield from (f"| {' | '.join(_cell(cell, draft) for cell in row)} |" for row in block.rows)


def _prose(item: Prose, draft: Draft) -> str:
    text = f"**{item.lead}** {item.text}" if item.lead else item.text
    return (f"{text} ({item.small})" if item.small else text) + draft.marks(item)


def _cell(cell: Prose, draft: Draft) -> str:
    return _prose(cell, draft).replace("|", "\\|").replace("\n", " ")


def _plain(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")
