"""Patients, studies, records, edits, users and the audit, kept: SQLite by default, PostgreSQL by URL."""

from calcinet.store.faults import StoreUnusable
from calcinet.store.place import default_place
from calcinet.store.results import Added, Edit, Entry, Patient, Stored, StoredRecord, User, Verified
from calcinet.store.store import Store, upgrade_store

__all__ = [
    "Added",
    "Edit",
    "Entry",
    "Patient",
    "Store",
    "StoreUnusable",
    "Stored",
    "StoredRecord",
    "User",
    "Verified",
    "default_place",
    "upgrade_store",
]
