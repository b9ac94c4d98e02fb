"""A draft as Markdown: every block has its form, and nothing of a text becomes markup of a table or a picture."""

import pytest

from calcinet.report.blocks import Heading, Items, Prose, Section, Table
from calcinet.report.casereport import Draft, Photo
from calcinet.report.casereport.markdown import to_markdown


def written(*blocks, photos=()) -> list[str]:
    """The lines of one section, between its heading and that of the sources."""
    made = Draft(
        title="Title",
        note="Note",
        sections=(Section("key", "Section", blocks),),
        photos={"key": photos},
        references={"a": "First source", "b": "Second source"},
    )
    lines = to_markdown(made, "pictures", "Sources").splitlines()
    assert lines[:4] == ["# Title", "", "*Note*", ""]
    assert lines[-4:] == ["## Sources", "", "1. First source", "2. Second source"]
    return lines[lines.index("## Section") + 2 : -4]


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (Prose("text"), ["text", ""]),
        (Prose("text", lead="Lead:", small="small", cites=("b",)), ["**Lead:** text (small) [2]", ""]),
        (Heading("Below"), ["### Below", ""]),
        (Items((Prose("one"), Prose("two", cites=("a", "b")))), ["- one", "- two [1, 2]", ""]),
        (
            Table(("x", "y"), ((Prose("a|b"), Prose("two\nlines")),)),
            ["| x | y |", "| --- | --- |", "| a\\|b | two lines |", ""],
        ),
    ],
    ids=["paragraph", "marked paragraph", "heading", "list", "table"],
)
def test_each_block_has_its_form(block, lines):
    assert written(block) == lines


def test_brackets_of_a_caption_do_not_end_the_picture():
    photo = Photo("img-1.png", b"", "arrow [1]")

    assert written(photos=(photo,)) == ["![arrow (1)](pictures/img-1.png)", "", "**1.** arrow [1]", ""]


def test_draft_without_sources_has_no_heading_for_them():
    made = Draft(title="T", note="N", sections=(), photos={}, references={})

    assert "Sources" not in to_markdown(made, "pictures", "Sources")
