"""The words that the readers themselves ask for or compare with, from their sources: changed files should hold them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from pydicom.datadict import tag_for_keyword

PACKAGE: Final = Path(__file__).parents[2] / "src" / "calcinet"

LONGEST: Final = 40
"""Characters of a word. Our choice: what is longer is a sentence for people."""


@cache
def read_words(*folders: str) -> tuple[str, ...]:
    """Every short text in the sources of rooms of the package, such as "io/case"."""
    words: set[str] = set()
    for folder in folders:
        for path in (PACKAGE / folder).rglob("*.py"):
            words.update(_find_texts(ast.parse(path.read_text("utf-8"))))
    return tuple(sorted(words))


@cache
def read_tags() -> tuple[int, ...]:
    """The DICOM elements that the readers ask for by their keyword."""
    tags = {tag_for_keyword(word) for word in read_words("io")}
    return tuple(sorted(tag for tag in tags if tag is not None))


@cache
def read_terms() -> tuple[bytes, ...]:
    """Words in capitals, such as terms that DICOM defines, and identifiers."""
    terms = [word for word in read_words("io") if word.isascii() and (word.isupper() or word[0].isdigit())]
    return tuple(term.encode() for term in terms)


def _find_texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) <= LONGEST:
            yield node.value
