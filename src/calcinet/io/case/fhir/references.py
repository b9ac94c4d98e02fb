"""What a reference of a bundle leads to, relative, absolute, urn or contained, and whether it leads to the patient."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from calcinet.io.case.fhir.types import Resource, block, blocks, status_of

VERSION: Final = re.compile(r"/_history(?:/.*)?$")
"""End of a reference to one version of a resource."""

BASE: Final = re.compile(r"^(?:https?://.*?/)(?=[A-Z][A-Za-z]+/[^/]+$)", re.IGNORECASE)
"""Address of a server before type and id."""

URN: Final = re.compile(r"^urn:(?:uuid|oid):", re.IGNORECASE)

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""The one kind of name in which large and small letters are the same; ids of FHIR tell them apart (R4, id)."""

SAME_PERSON: Final = frozenset({"replaces", "replaced-by"})
"""Kinds of link between two records of one person; "seealso" may be another person's."""

Identifier = tuple[str, str]
"""System and value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Where the resources of a bundle stand."""

    by_address: Mapping[str, Resource] = field(repr=False)
    """By full address, without its version."""
    by_name: Mapping[str, Sequence[Resource]] = field(repr=False)
    """By type and id; servers that were put together may have used one name twice."""

    @classmethod
    def of(cls, resources: Iterable[Resource]) -> "References":
        """Note where each resource stands; `fullUrl` is its own field here."""
        by_address: dict[str, Resource] = {}
        by_name: dict[str, list[Resource]] = {}
        for resource in resources:
            address = clean_address(resource.get("fullUrl"))
            if address:
                by_address[address] = resource
            for name in names_of(resource):
                by_name.setdefault(name, []).append(resource)
        return cls(by_address=by_address, by_name=by_name)

    def resolve(self, reference: Any, holder: Resource) -> Resource | None:
        """The resource that a Reference of `holder` leads to; None where it is not in the bundle."""
        written = block(reference).get("reference")
        if not isinstance(written, str) or not written:
            return None
        if written.startswith("#"):
            return find_contained(holder, written)
        address = clean_address(written)
        if address in self.by_address:
            return self.by_address[address]
        found = self.by_name.get(shorten_address(address), [])
        base = BASE.match(address)
        if base is not None:
            found = [one for one in found if _is_possibly_at(one, base[0])]
        own = BASE.match(clean_address(holder.get("fullUrl")))
        if len(found) > 1 and own is not None:
            found = [one for one in found if _is_possibly_at(one, own[0])]
        if not found:
            return None
        return found[0]


def clean_address(written: Any) -> str:
    """An address without its version; a UUID in small letters.

    >>> clean_address("https://a.org/fhir/Patient/P1/_history/2")
    'https://a.org/fhir/Patient/P1'
    """
    if not isinstance(written, str):
        return ""
    return UUID.sub(lambda found: found[0].lower(), VERSION.sub("", written.strip()))


def shorten_address(address: str) -> str:
    """Type and id of an address; of a urn its last part.

    >>> shorten_address("https://a.org/fhir/Patient/p1"), shorten_address("urn:uuid:7")
    ('Patient/p1', '7')
    """
    return URN.sub("", "/".join(address.split("/")[-2:]))


def names_of(resource: Resource) -> set[str]:
    """Names that a resource can be referred to by within its bundle: type and id, or the part of its urn."""
    kind = str(resource.get("resourceType"))
    names = set()
    if isinstance(resource.get("id"), str) and resource["id"]:
        names.add(clean_address(f"{kind}/{resource['id']}"))
    address = clean_address(resource.get("fullUrl"))
    if URN.match(address):
        names |= {URN.sub("", address), f"{kind}/{URN.sub('', address)}"}
    elif address:
        names.add(shorten_address(address))
    return names


def find_contained(holder: Resource, written: str) -> Resource | None:
    """The resource within another one that "#id" names."""
    wanted = written.removeprefix("#")
    for inside in blocks(holder.get("contained")):
        if wanted and str(inside.get("id", "")).removeprefix("#") == wanted:
            return {**inside, "contained": holder.get("contained")}
    return None


def identifiers_of(resource: Resource) -> frozenset[Identifier]:
    """Identifiers of a resource, or of a reference that has one."""
    given = resource.get("identifier")
    several = blocks(given)
    if isinstance(given, Mapping):
        several = [given]
    found = set()
    for one in several:
        value = one.get("value")
        if isinstance(value, str) and value.strip():
            found.add((str(one.get("system") or ""), value.strip()))
    return frozenset(found)


def share_identifier(one: Iterable[Identifier], other: Iterable[Identifier]) -> bool:
    """Whether two have an identifier in common; one without a system fits any."""
    pairs = itertools.product(one, set(other))
    return any(_match_identifier(mine, theirs) for mine, theirs in pairs)


def _match_identifier(mine: Identifier, theirs: Identifier) -> bool:
    return mine[1] == theirs[1] and (mine[0] == theirs[0] or not mine[0] or not theirs[0])


def _is_possibly_at(resource: Resource, base: str) -> bool:
    """Whether a resource may be of a server: it is at that address, or says no address of a server."""
    own = BASE.match(clean_address(resource.get("fullUrl")))
    return own is None or own[0] == base


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The patient of a bundle, as references name a person."""

    resource: Resource = field(default_factory=dict, repr=False)
    names: frozenset[str] = frozenset()
    """Type and id, or address."""
    bases: frozenset[str] = frozenset()
    """Addresses of the servers that the patient's record is said to stand on."""
    identifiers: frozenset[Identifier] = frozenset()
    words: frozenset[frozenset[str]] = frozenset()
    """Of each of the patient's names, its words in small letters."""

    def is_meant(self, reference: Any, holder: Resource) -> bool | None:
        """Whether a Reference leads to the patient; None where it does not say by more than words."""
        given = block(reference)
        written = given.get("reference")
        if isinstance(written, str) and written:
            return self._is_named(written, holder)
        identifiers = identifiers_of(given)
        if identifiers:
            return share_identifier(identifiers, self.identifiers)
        if given.get("type") not in (None, "Patient"):
            return False
        display = given.get("display")
        if isinstance(display, str) and any(words <= set(_split_name(display)) for words in self.words):
            return True
        return None

    def _is_named(self, written: str, holder: Resource) -> bool:
        if written.startswith("#"):
            inside = find_contained(holder, written)
            return inside is not None and self._is_same(inside)
        if "?" in written:
            kind, _, asked = written.partition("?")
            values = re.findall(r"(?:^|&)identifier=(?:([^|&]*)\|)?([^&]+)", asked)
            return kind.endswith("Patient") and share_identifier(values, self.identifiers)
        address = clean_address(written)
        base = BASE.match(address)
        if base is not None and self.bases and base[0] not in self.bases:
            return False
        return address in self.names or shorten_address(address) in self.names

    def _is_same(self, other: Resource) -> bool:
        """Whether a Patient within another resource is this patient."""
        if other.get("resourceType") != "Patient":
            return False
        theirs = identifiers_of(other)
        if theirs and self.identifiers:
            return share_identifier(theirs, self.identifiers)
        alike = [other.get(key) == self.resource.get(key) for key in ("birthDate", "gender", "name")]
        return all(alike) and "birthDate" in other


def describe_person(resources: Iterable[Resource]) -> Person:
    """All names of one person, whose record may have been merged from several."""
    several = list(resources)
    names: set[str] = set()
    bases: set[str] = set()
    identifiers: set[Identifier] = set()
    words: set[frozenset[str]] = set()
    for resource in several:
        names |= names_of(resource) | set(_list_linked(resource))
        address = clean_address(resource.get("fullUrl"))
        names.add(address)
        base = BASE.match(address)
        if base is not None:
            bases.add(base[0])
        identifiers |= identifiers_of(resource)
        words |= set(_list_names(resource))
        if isinstance(resource.get("id"), str):
            names.add(clean_address(resource["id"]))
    return Person(
        resource=several[0] if several else {},
        names=frozenset(names - {""}),
        bases=frozenset(bases),
        identifiers=frozenset(identifiers),
        words=frozenset(words),
    )


def _list_linked(resource: Resource) -> Iterator[str]:
    """Other records of the same person."""
    for link in blocks(resource.get("link")):
        if status_of(link, "type") in SAME_PERSON:
            written = clean_address(block(link.get("other")).get("reference"))
            if written:
                yield shorten_address(written)


def _list_names(resource: Resource) -> Iterator[frozenset[str]]:
    """Words of every name of a person."""
    for name in blocks(resource.get("name")):
        given = name.get("given")
        parts = [name.get("family")]
        if isinstance(given, list):
            parts += given
        written = " ".join(part for part in parts if isinstance(part, str)) or str(name.get("text") or "")
        if _split_name(written):
            yield frozenset(_split_name(written))


def _split_name(written: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", written.casefold())
