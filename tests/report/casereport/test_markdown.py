"""A draft as Markdown: every block has its form, and nothing of a text becomes markup of a table or a picture."""

import html
import re

import pytest
from markdown_it import MarkdownIt

from calcinet.report.blocks import Heading, Items, Prose, Section, Table
from calcinet.report.casereport import Draft, Photo
from calcinet.report.casereport.markdown import escape, to_markdown


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

    assert written(photos=(photo,)) == [r"![arrow \[1\]](pictures/img-1.png)", "", r"**1.** arrow \[1\]", ""]


def test_draft_without_sources_has_no_heading_for_them():
    made = Draft(title="T", note="N", sections=(), photos={}, references={})

    assert "Sources" not in to_markdown(made, "pictures", "Sources")


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &#60;b&#62; &copy;",
    "[click](javascript:alert(1))",
    "[click][ref]",
    "[ref]: http://evil.example",
    "![picture](http://evil.example/x.png)",
    "<http://evil.example>",
    "http://evil.example/a",
    "HTTPS://evil.example/a",
    "www.evil.example",
    "somebody@evil.example",
    "mailto:somebody@evil.example",
    "# heading",
    "heading\n=======",
    "a\n\n# heading",
    "a\n\n    code",
    "    code",
    "\tcode",
    "`code` ``code``",
    "```\ncode\n```",
    "~~~\ncode\n~~~",
    "*bold* **bold** _bold_ __bold__ ~~gone~~",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "> quoted",
    "---",
    "***",
    "| a | b |\n| --- | --- |\n| c | d |",
    "a | b \\| c",
    "back\\slash \\* \\",
    "line\\\nline  \nline",
    "line\u2028# heading\x0b# heading",
    "<!-- gone -->",
    "<?php ?> <![CDATA[x]]>",
    "[^1] and [^1]: note",
    "$x^2$",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["prose", "item", "cell", "lead", "small", "heading", "caption"])
def test_markup_of_a_case_is_shown_as_it_is(text, place):
    """Read by a parser of CommonMark with tables and strikethrough: plain words come out, once."""
    shown = " ".join(text.split())
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    rendered = parser.render("\n".join(written(*make_blocks(place, text), photos=make_photos(place, text))))
    allowed = (
        r"</?(?:h[123]|p|em|strong|ul|li|table|thead|tbody|tr|th|td)>|<img src=\"pictures/img-1.png\" alt=\"[^\"]*\" />"
    )
    words = re.sub(allowed, "", rendered)

    assert html.unescape(words).count(shown) == 1
    assert "<" not in words


@pytest.mark.parametrize("text", ["http://evil.example/a", "www.evil.example", "x HTTPS://a.b", "WWW.a.b", "ftp://a.b"])
def test_addresses_are_no_links_where_addresses_become_links(text):
    """GFM finds them in the letters as they stand: `http://` and `www.` do not stand there."""
    line = escape(text)

    assert not re.search(r"[a-z]://|www\.", line.lower())


def make_blocks(place: str, text: str):
    blocks = {
        "prose": Prose(text),
        "item": Items((Prose(text),)),
        "cell": Table(("a", "b"), ((Prose("first"), Prose(text)),)),
        "lead": Prose("text", lead=text),
        "small": Prose("text", small=text),
        "heading": Heading(text),
    }
    return [blocks[place]] if place in blocks else []


def make_photos(place: str, text: str):
    return (Photo("img-1.png", b"", text),) if place == "caption" else ()
