"""The entries of a bundle that are the patient's and hold, from pages and nested bundles, each in its last version."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from calcinet.errors import BadInput
from calcinet.io.case.fhir.left_out import LeftOut
from calcinet.io.case.fhir.references import (
    Person,
    References,
    clean_address,
    describe_person,
    find_contained,
    identifiers_of,
    shorten_address,
)
from calcinet.io.case.fhir.types import Resource, block, blocks, status_of, without_nothing
from calcinet.limits import BUNDLE_DEPTH, BUNDLE_ENTRIES

DRUGS: Final = ("MedicationStatement", "MedicationRequest", "MedicationAdministration", "MedicationDispense")
"""Types of resource that tell of drugs."""

READ: Final = frozenset({"Condition", "Observation", "Procedure", "DiagnosticReport", *DRUGS})
"""Types of resource of which something is read."""

BESIDE: Final = frozenset(
    {
        *("Patient", "Medication", "Specimen", "Substance", "Organization", "Practitioner", "PractitionerRole"),
        *("Location", "Provenance", "Endpoint", "OperationOutcome", "Bundle"),
    }
)
"""Types of resource that say nothing of the patient's health by themselves."""

ERROR: Final = frozenset({"entered-in-error", "cancelled"})

UNCONFIRMED: Final = frozenset({"unconfirmed", "provisional", "differential"})
"""Status of a diagnosis that nobody has confirmed yet."""

SERIOUS: Final = frozenset({"fatal", "error", "warning"})
"""Severity of what a server says went wrong."""

IMAGE_SYSTEM: Final = "urn:calcinet:image"
"""Of the images that calcinet's own bundles measure."""

PATIENT: Final = re.compile(r"(?:^|/)Patient/[^/]+$")

PAGES: Final = frozenset({"next", "previous", "prev"})
"""Links to other pages of a search."""

MORE_THAN_ONE: Final = "the bundle holds more than one patient; give the resources of one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What is read of a bundle."""

    patient: Resource
    by_type: Mapping[str, Sequence[Resource]]
    """The patient's own resources that hold."""
    references: References
    person: Person
    every: Sequence[Resource] = field(repr=False)
    """All resources of the bundle."""

    def of_type(self, *names: str) -> list[Resource]:
        """Resources of some types, one type after the other."""
        found: list[Resource] = []
        for name in names:
            found += self.by_type.get(name, ())
        return found


def read_entries(bundle: Resource, left_out: LeftOut) -> Entries:
    """Find the patient and the patient's entries; what is left out is counted.

    Raises
    ------
    BadInput
        If the bundle holds more than one patient, or more than a bundle may.
    """
    _check_depth(bundle)
    every = _keep_last_versions(list(_list_resources(bundle, left_out)), left_out)
    person = _find_person(every)
    references = References.of(every)
    by_type: dict[str, list[Resource]] = {}
    for resource in every:
        kind = str(resource.get("resourceType") or "")
        if kind not in READ:
            _note_unread(resource, kind, left_out)
            continue
        reason = _find_reason(resource, person, references)
        if reason is not None:
            left_out.note(reason)
            continue
        by_type.setdefault(kind, []).append(resource)
    return Entries(patient=person.resource, by_type=by_type, references=references, person=person, every=every)


def is_patients(resource: Resource, person: Person, references: References) -> str | None:
    """Why a resource is not surely the patient's, by its subject, its focus, or the subject of its specimen."""
    meant = []
    for name in ("subject", "patient", "focus"):
        for reference in _list_references(resource.get(name)):
            meant.append(person.is_meant(reference, resource))
    for reference in _list_references(resource.get("specimen")):
        specimen = references.resolve(reference, resource)
        for subject in _list_references(block(specimen).get("subject")):
            meant.append(person.is_meant(subject, block(specimen)))
    if False in meant:
        return "other subject"
    if None in meant:
        return "unsure subject"
    return None


def _list_references(value: Any) -> list[Resource]:
    """References of an element that may have one or several; one that says nothing is none."""
    if isinstance(value, Mapping):
        value = [value]
    return [reference for reference in blocks(value) if reference]


def _find_reason(resource: Resource, person: Person, references: References) -> str | None:
    """Why a resource is left out; None where it is not."""
    if any(_is_image(focus) for focus in _list_references(resource.get("focus"))):
        return "measure of an image"
    if {status_of(resource), status_of(resource, "verificationStatus")} & ERROR:
        return "error"
    if resource.get("modifierExtension"):
        return "modifier"
    if status_of(resource, "verificationStatus") in UNCONFIRMED:
        return "unconfirmed"
    return is_patients(resource, person, references)


def _is_image(reference: Resource) -> bool:
    """Whether a Reference is to an image that calcinet examined."""
    return any(system == IMAGE_SYSTEM for system, _ in identifiers_of(reference))


def _note_unread(resource: Resource, kind: str, left_out: LeftOut) -> None:
    if kind == "OperationOutcome":
        if any(status_of(issue, "severity") in SERIOUS for issue in blocks(resource.get("issue"))):
            left_out.note("server's trouble")
    elif kind not in BESIDE:
        left_out.note_type(kind)


def _check_depth(bundle: Resource) -> None:
    """Refuse what is nested more deeply than any resource, before it is compared or copied.

    Raises
    ------
    BadInput
        If it is.
    """
    level: list[Any] = [bundle]
    for _ in range(BUNDLE_DEPTH.value):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, Mapping):
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        level = [value for value in inner if isinstance(value, Mapping | list)]
        if not level:
            return
    raise BadInput(f"the bundle is nested too deeply: more than {BUNDLE_DEPTH.value} levels")


def _list_resources(bundle: Resource, left_out: LeftOut) -> Iterator[Resource]:
    """Every resource with its `fullUrl`, those of bundles within the bundle too."""
    entries = blocks(bundle.get("entry"))
    if len(entries) > BUNDLE_ENTRIES.value:
        raise BadInput(f"the bundle has {len(entries)} entries, more than are read ({BUNDLE_ENTRIES.value})")
    _note_other_pages(bundle, entries, left_out)
    for entry in entries:
        resource = block(entry.get("resource"))
        if resource.get("resourceType") == "Bundle":
            yield from _list_resources(resource, left_out)
        elif resource and block(entry.get("request")).get("method") != "DELETE":
            yield without_nothing({**resource, "fullUrl": entry.get("fullUrl")})


def _note_other_pages(bundle: Resource, entries: Sequence[Resource], left_out: LeftOut) -> None:
    if any(status_of(link, "relation") in PAGES for link in blocks(bundle.get("link"))):
        left_out.note("other page")
        return
    total = bundle.get("total")
    if bundle.get("type") != "searchset" or not isinstance(total, int):
        return
    found = [entry for entry in entries if block(entry.get("search")).get("mode") not in ("include", "outcome")]
    if total > len(found):
        left_out.note("short of total", total - len(found))


def _keep_last_versions(resources: Sequence[Resource], left_out: LeftOut) -> list[Resource]:
    """Of one resource in several versions the last; what stands there twice is kept once."""
    kept: dict[object, Resource] = {}
    for number, resource in enumerate(resources):
        key = _find_key(resource) or number
        if key not in kept:
            kept[key] = resource
            continue
        if kept[key] != resource:
            left_out.note("older version")
        if _rank_version(resource) >= _rank_version(kept[key]):
            kept[key] = resource
    return list(kept.values())


def _find_key(resource: Resource) -> str | None:
    """What tells a resource from others; None where it says nothing."""
    address = clean_address(resource.get("fullUrl"))
    kind, name = str(resource.get("resourceType")), resource.get("id")
    if address:
        return f"{kind} {address}"
    if isinstance(name, str) and name:
        return f"{kind} {kind}/{name}"
    return None


def _rank_version(resource: Resource) -> tuple[str, int]:
    """When a version was written, and its number."""
    meta = block(resource.get("meta"))
    number = str(meta.get("versionId") or "")
    return str(meta.get("lastUpdated") or ""), int(number) if number.isdecimal() and len(number) < 10 else 0


def _find_person(resources: Sequence[Resource]) -> Person:
    """The one patient of a bundle.

    Raises
    ------
    BadInput
        If there are several.
    """
    patients = [resource for resource in resources if resource.get("resourceType") == "Patient"]
    patients += _list_contained_patients(resources) if not patients else []
    patients = _join_merged(patients)
    person = describe_person(patients)
    if person.names:
        return person
    subjects = _list_subjects(resources)
    if len(subjects) > 1:
        raise BadInput(MORE_THAN_ONE)
    return describe_person([*patients, *subjects])


def _join_merged(patients: Sequence[Resource]) -> list[Resource]:
    """Records of one person, the one that is still in use first.

    Raises
    ------
    BadInput
        If they are not said to be one person's.
    """
    if len(patients) < 2:
        return list(patients)
    first = sorted(patients, key=lambda one: any(link.get("type") == "replaced-by" for link in blocks(one.get("link"))))
    for other in first[1:]:
        if not describe_person(first[:1]).names & describe_person([other]).names:
            raise BadInput(MORE_THAN_ONE)
    return first


def _list_contained_patients(resources: Sequence[Resource]) -> list[Resource]:
    """Different patients that stand within resources of which they are the subject."""
    found: list[Resource] = []
    for resource in resources:
        written = block(resource.get("subject")).get("reference")
        if not isinstance(written, str) or not written.startswith("#"):
            continue
        inside = find_contained(resource, written)
        if inside is not None and inside.get("resourceType") == "Patient":
            bare = {key: value for key, value in inside.items() if key not in ("id", "contained")}
            if bare not in found:
                found.append(bare)
    return found


def _list_subjects(resources: Sequence[Resource]) -> list[Resource]:
    """Whom entries are about where no Patient says who that is: by references; else by identifiers; else by names."""
    by_reference: dict[str, Resource] = {}
    by_identifier: dict[object, Resource] = {}
    by_name: dict[str, Resource] = {}
    for subject in _list_subject_references(resources):
        written = clean_address(subject.get("reference"))
        shown = subject.get("display")
        if PATIENT.search(written) or written.startswith("urn:"):
            by_reference[shorten_address(written)] = {"fullUrl": written, "identifier": subject.get("identifier")}
        elif not written and identifiers_of(subject):
            by_identifier[identifiers_of(subject)] = {"identifier": subject.get("identifier")}
        elif not written and isinstance(shown, str) and str(subject.get("type") or "Patient") == "Patient":
            by_name[shown.casefold()] = {"name": [{"text": shown}]}
    return list((by_reference or by_identifier or by_name).values())


def _list_subject_references(resources: Sequence[Resource]) -> Iterator[Resource]:
    for resource in resources:
        if str(resource.get("resourceType") or "") in READ:
            yield from _list_references(resource.get("subject") or resource.get("patient"))
