"""YAML or JSON text as plain text, lists and blocks that know where they stand; nothing is turned into a number here.

A scalar stays the text that was written, so that a result is kept as printed, `no` is not Norway's trouble, and the
model alone decides what is a number.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from calcinet.io.case.errors import CaseFileError, Mistake, Path, Place
from calcinet.limits import CASE_CHARACTERS, CASE_DEPTH, NUMBER_DIGITS

CORE_TAG: Final = "tag:yaml.org,2002:"

PLAIN_TAGS: Final = frozenset({"str", "null", "bool", "int", "float", "timestamp", "merge", "value", "seq", "map"})
"""What plain text, lists and blocks resolve to by themselves."""

NUMBER: Final = re.compile(r"[-+]?[\d.,_]+(e[-+]?\d+)?", re.IGNORECASE)
"""What may be taken for a number."""

NO_ALIASES: Final = "anchors (&) and aliases (*) are not used in a case file; put text that begins so in quotes"


@dataclass(slots=True)
class Tree:
    """What a text says and where."""

    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def tree_of(text: str) -> Tree:
    """Read a text; what is wrong in single places is listed in `mistakes`.

    Raises
    ------
    CaseFileError
        If it is neither YAML nor JSON.
    """
    if len(text) > CASE_CHARACTERS.value:
        raise _build_error(1, 1, f"the text has {len(text)} characters, more than any case ({CASE_CHARACTERS.value})")
    node = _compose(text)
    tree = Tree()
    if node is not None:
        tree.value = _build_value(node, (), tree, set())
    return tree


def _compose(text: str) -> yaml.Node | None:
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not
    try:
        return yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        explanation = _explain_broken(error)
        if mark is None:
            raise _build_error(1, 1, explanation) from None
        raise _build_error(mark.line + 1, mark.column + 1, explanation) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _build_error(line, column, "a character that no text file has; save the file as UTF-8 text") from None
    except RecursionError:
        raise _build_error(1, 1, "blocks are nested too deeply") from None
    except (ValueError, OverflowError):  # what the parser makes of impossible numbers in escapes and directives
        raise _build_error(1, 1, "neither YAML nor JSON; compare with an example") from None


def _explain_broken(error: yaml.MarkedYAMLError) -> str:
    """Say what broke the text, without the parser's words: they repeat the text."""
    problem = str(error.problem or "")
    if "alias" in problem or "anchor" in problem:
        return NO_ALIASES
    if "'\\t'" in problem:
        return "a tab; indent with spaces"
    if "document" in problem:
        return "a second document begins here; a file holds one case"
    return "the text breaks off or does not fit here: look for a missing colon, quote, bracket, or a wrong indentation"


def _build_value(node: yaml.Node, path: Path, tree: Tree, seen: set[int]) -> Any:
    line, column = place = node.start_mark.line + 1, node.start_mark.column + 1
    tree.places[path] = place
    if id(node) in seen:
        tree.mistakes.append(Mistake(line, column, NO_ALIASES))
        return None
    seen.add(id(node))
    if len(path) > CASE_DEPTH.value:
        tree.mistakes.append(Mistake(line, column, "blocks are nested too deeply"))
        return None
    if node.tag.removeprefix(CORE_TAG) not in PLAIN_TAGS:
        tree.mistakes.append(Mistake(line, column, "tags (!) are not used in a case file; put the text in quotes"))
        return None
    if isinstance(node, yaml.MappingNode):
        return _build_block(node, path, tree, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_build_value(item, (*path, n), tree, seen) for n, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode) and node.style is None and node.tag == f"{CORE_TAG}null":
        return None
    text = str(node.value).strip()
    if len(text) > NUMBER_DIGITS.value and NUMBER.fullmatch(text):
        problem = f"a number of {len(text)} digits; no laboratory prints more than {NUMBER_DIGITS.value}"
        tree.mistakes.append(Mistake(line, column, problem))
        return None
    return text


def _build_block(node: yaml.MappingNode, path: Path, tree: Tree, seen: set[int]) -> dict[str, Any]:
    block: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if not isinstance(key_node, yaml.ScalarNode):
            tree.mistakes.append(Mistake(line, column, "a key is one word, not a list or a block"))
            continue
        key = str(key_node.value)
        if key in block:
            tree.mistakes.append(Mistake(line, column, "this key stands here twice; keep one"))
            continue
        tree.keys[(*path, key)] = line, column
        block[key] = _build_value(value_node, (*path, key), tree, seen)
    return block


def _build_error(line: int, column: int, text: str) -> CaseFileError:
    return CaseFileError([Mistake(line, column, text)])
