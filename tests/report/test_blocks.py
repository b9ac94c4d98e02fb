"""Blocks of a document: what they cite, and in which order."""

import pytest

from calcinet.report.blocks import Figure, Folded, Heading, Items, Prose, Section, Table, cited, itemise, keep_filled
from calcinet.report.language import translator

A, B, C, D = (Prose(key, cites=(key,)) for key in "abcd")


def section(*blocks) -> Section:
    return Section("key", "title", blocks)


def test_references_are_cited_in_the_order_of_reading():
    """Row by row in a table; a reference that comes twice counts where it came first."""
    table = Table(("x", "y"), ((D, B), (A, C)))

    assert cited([section(B), section(table)]) == ["b", "d", "a", "c"]


@pytest.mark.parametrize(
    ("block", "keys"),
    [
        (A, ["a"]),
        (Items((B, A)), ["b", "a"]),
        (Folded(D, (C,)), ["c"]),
        (Figure("<svg/>", "caption"), []),
        (Heading("a"), []),
    ],
)
def test_each_kind_of_block_cites_its_prose(block, keys):
    """The line of a folded list repeats what its items cite."""
    assert cited([section(block)]) == keys


def test_sections_without_blocks_are_left_out():
    full, empty = section(A), section()

    assert keep_filled([empty, full, empty]) == (full,)


def test_list_is_said_in_the_language_of_the_page():
    items = itemise(("met", "not met"), translator("zh-Hant"), tone="warn").items

    assert len(items) == 2
    assert all(not item.text.isascii() and item.tone == "warn" for item in items)
