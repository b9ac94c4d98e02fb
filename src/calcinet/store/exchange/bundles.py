"""FHIR R4: one bundle a record, as `examine --formats fhir` writes it, with the record itself as a document in it."""

import base64
import json
from collections.abc import Sequence
from typing import Any, Final

from fhir.resources.R4B.bundle import Bundle

from calcinet.errors import BadInput
from calcinet.record import Record
from calcinet.report.edition import Edition, read_time
from calcinet.report.fhir import to_bundle
from calcinet.store.exchange.flat import FlatRow
from calcinet.store.exchange.layout import all_layouts
from calcinet.store.exchange.redcap import Row, read_row, write_row
from calcinet.store.exchange.visits import Visit, from_rows, to_rows
from calcinet.text import say

SYSTEM: Final = "urn:calcinet:pseudonym"
"""Name space of the identifiers of patients in a bundle."""

DOCUMENT: Final = "calcinet.visit/1"
"""What the document says that it is."""


def write_bundles(visits: Sequence[Visit]) -> dict[str, bytes]:
    """Files by their names: pseudonym and number of the record among those of its patient."""
    files: dict[str, bytes] = {}
    numbers: dict[str, int] = {}
    for visit in visits:
        number = numbers[visit.patient] = numbers.get(visit.patient, 0) + 1
        files[f"{visit.patient}-{number}.fhir.json"] = _write_bundle(visit).encode()
    return files


def read_bundle(content: bytes) -> Visit:
    """The record that is in a bundle.

    Raises
    ------
    BadInput
        If there is none.
    """
    try:
        bundle = json.loads(content)
        documents = [
            entry["resource"]
            for entry in bundle["entry"]
            if entry["resource"]["resourceType"] == "DocumentReference"
            and entry["resource"].get("description") == DOCUMENT
        ]
        rows = json.loads(base64.b64decode(documents[0]["content"][0]["attachment"]["data"]))
        return from_rows(_parse_rows(rows))[0]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(
            say(
                "the bundle holds no record of calcinet: the record of a hospital is given to calcinet examine --case,"
                " and what that writes to the store"
            )
        ) from None


def _write_bundle(visit: Visit) -> str:
    record = Record.from_json(json.dumps(visit.tree))
    edition = Edition.of(record, when=read_time(), anonymous=True)
    bundle = json.loads(to_bundle(record, edition))
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"]["identifier"] = [{"system": SYSTEM, "value": visit.patient}]
    bundle["entry"].append(_make_document(visit, edition))
    return Bundle.model_validate(bundle).model_dump_json(indent=1) + "\n"


def _make_document(visit: Visit, edition: Edition) -> dict[str, Any]:
    """The whole record with its history, as every other form of exchange has it."""
    by_name = {table.name: table for table in all_layouts()}
    rows = [
        {"patient": pseudonym, "table": row.table, "cells": write_row(row, by_name[row.table])}
        for pseudonym, row in to_rows([visit])
    ]
    data = base64.b64encode(json.dumps(rows, ensure_ascii=False).encode()).decode()
    resource = {
        "resourceType": "DocumentReference",
        "status": "current",
        "description": DOCUMENT,
        "subject": {"reference": edition.uuid("fhir", "patient").urn},
        "content": [{"attachment": {"contentType": "application/json", "data": data, "title": "record.json"}}],
    }
    return {"fullUrl": edition.uuid("fhir", "document").urn, "resource": resource}


def _parse_rows(rows: Any) -> list[Row]:
    by_name = {table.name: table for table in all_layouts()}
    parsed: list[Row] = []
    for row in rows:
        flat: FlatRow = read_row(row["cells"], by_name[row["table"]])
        parsed.append((row["patient"], flat))
    return parsed
