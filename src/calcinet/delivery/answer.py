"""What the answer of STOW-RS says about an object (PS3.18 10.5.3), as JSON or XML, whatever type it claims to be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

FAILED: Final = "00081198"
STORED: Final = "00081199"
INSTANCE: Final = "00081155"
REASON: Final = "00081197"
"""Tags of Failed SOP Sequence, Referenced SOP Sequence, Referenced SOP Instance UID and Failure Reason."""

LARGEST_REASON: Final = 0xFFFF
"""A Failure Reason is a US (PS3.6)."""

Item = dict[str, list[Any]]
"""Values by tag; those of a sequence are items again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one object."""

    stored: bool = False
    failed: bool = False
    reason: int | None = None
    """Failure Reason of an object that failed, where one can be read."""


def read_answer(body: bytes, uid: str) -> Answer:
    """Read what an answer says about the object of this SOP Instance UID; nothing where it cannot be read.

    >>> read_answer(b'{"00081199": {"Value": [{"00081155": {"Value": ["1.2"]}}]}}', "1.2").stored
    True
    """
    for item in _read_items(body):
        failures = [each for each in item.get(FAILED, ()) if _is_about(each, uid, default=True)]
        if failures:
            return Answer(failed=True, reason=_read_reason(failures[0]))
        if any(_is_about(each, uid, default=False) for each in item.get(STORED, ())):
            return Answer(stored=True)
    return Answer()


def _is_about(item: Any, uid: str, *, default: bool) -> bool:
    """Whether an item names this object; `default` where it names none, since each request holds one object."""
    if not isinstance(item, dict):
        return False
    named = item.get(INSTANCE)
    if not named:
        return default
    return str(named[0]).strip(" \0") == uid


def _read_reason(item: Item) -> int | None:
    try:
        reason = int(str(item[REASON][0]))
    except (LookupError, ValueError):
        return None
    return reason if 0 < reason <= LARGEST_REASON else None


def _read_items(body: bytes) -> list[Item]:
    """The data set of an answer; one in a list is one."""
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if text[:1] == b"<":
            return [_read_xml(text)]
        return _list_json(json.loads(text))
    except (ValueError, RecursionError, LookupError, ElementTree.ParseError):
        return []


def _list_json(tree: Any) -> list[Item]:
    if not isinstance(tree, list):
        tree = [tree]
    return [_read_json(item) for item in tree if isinstance(item, dict)]


def _read_json(item: dict[str, Any]) -> Item:
    """Values by tag of one item of the DICOM JSON model (PS3.18 F.2)."""
    values = {}
    for tag, element in item.items():
        listed = element.get("Value") if isinstance(element, dict) else None
        if isinstance(listed, list):
            values[tag.upper()] = [_read_json_value(value) for value in listed]
    return values


def _read_json_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _read_json(value)
    return value


def _read_xml(text: bytes) -> Item:
    """Values by tag of the native DICOM model (PS3.19 A.1); what declares entities is not read."""
    if b"<!" in text.replace(b"<!--", b""):
        return {}
    return _read_attributes(ElementTree.fromstring(text))


def _read_attributes(element: ElementTree.Element) -> Item:
    values = {}
    for attribute in _find_children(element, "DicomAttribute"):
        items = [_read_attributes(item) for item in _find_children(attribute, "Item")]
        texts = [value.text or "" for value in _find_children(attribute, "Value")]
        values[attribute.get("tag", "").upper()] = [*items, *texts]
    return values


def _find_children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if child.tag.rpartition("}")[2] == name)
