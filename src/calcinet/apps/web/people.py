"""Who may do what, and what was done by whom."""

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from calcinet.apps.web.data_folder import DataFolder
from calcinet.errors import BadInput
from calcinet.store.key import KEY
from calcinet.store.store import Store
from calcinet.store.users import ROLES
from calcinet.text import plain, say

SHORTEST_PASSWORD: Final = 8
"""Letters. NIST SP 800-63B, 5.1.1.1."""

LONGEST_PASSWORD: Final = 1024
"""Letters. Our choice: hashing a longer one would only cost time."""

LONGEST_NAME: Final = 64

ITSELF: Final = "server"
"""Who does what nobody asked for."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in."""

    name: str
    role: str
    sites: frozenset[str] = frozenset()
    """Where he belongs; who belongs nowhere sees the studies that belong nowhere."""

    def sees(self, site: str) -> bool:
        """Whether studies of a site are shown to him; an admin sees all."""
        return self.role == "admin" or site in (self.sites or {""})

    def may(self, role: str) -> bool:
        """Whether somebody of this role, or of one above it, is asked for."""
        return ROLES.index(self.role) >= ROLES.index(role)


class People:
    """Users with their roles, and the audit, in the store of the server."""

    def __init__(self, data: DataFolder) -> None:
        os.environ.setdefault(KEY, str(data.key))
        self._store = Store.open(data.store, who=ITSELF, make=True)

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def are_any(self) -> bool:
        """Whether anybody can log in."""
        return bool(self.list_all())

    def find(self, name: str) -> Person | None:
        """A user by name."""
        return next((one for one in self.list_all() if one.name == name), None)

    def list_all(self) -> list[Person]:
        """Everybody who can log in."""
        users = self._store.users()
        return [Person(user.name, user.role) for user in users if user.has_secret and user.disabled_at is None]

    def put(self, name: str, role: str, password: str, *, who: str) -> Person:
        """Let somebody in, or give another role or password.

        Raises
        ------
        BadInput
            If name, role or password cannot be.
        """
        check_name(name)
        self._store.by(who).put_user(name, role=role, secret=hash_password(password))
        return Person(name, role)

    def change_role(self, name: str, role: str, *, who: str) -> Person:
        """Give somebody another role; the password stays.

        Raises
        ------
        BadInput
            If there is no such role.
        """
        self._store.by(who).put_user(name, role=role)
        return Person(name, role)

    def admit(self, name: str, role: str, mark: str) -> Person:
        """Let in whom a provider vouches for, with the role that it gives; `mark` is whom it means.

        Raises
        ------
        BadInput
            If the name cannot be, is that of somebody else, or of somebody who was shut out.
        """
        self.require_free(name, mark)
        person = self.find(name)
        if person is None or person.role != role:
            self._store.put_user(name, role=role, secret=f"{VOUCHED}{mark}")
        return Person(name, role)

    def require_free(self, name: str, mark: str) -> None:
        """Refuse whom a provider vouches for under the name of somebody else, or of somebody who was shut out.

        Raises
        ------
        BadInput
            With the reason.
        """
        check_name(name)
        user = next((one for one in self._store.users() if one.name == name), None)
        if user is not None and user.disabled_at is not None:
            raise BadInput(say("{name} was shut out", name=name))
        if user is not None and self._store.secret_of(name) != f"{VOUCHED}{mark}":
            raise BadInput(say("there is another user {name}", name=name))

    def shut_out(self, name: str, *, who: str) -> None:
        """Let somebody in no more; what was done stays theirs."""
        self._store.by(who).shut_out(name)

    def check(self, name: str, password: str) -> Person | None:
        """The user whose password it is; it takes as long where there is none of this name."""
        person = self.find(name)
        secret = None if person is None else self._store.secret_of(name)
        return person if verify_password(secret, password) else None

    def note(self, who: str, action: str, subject: str, **detail: Any) -> None:
        """Write into the audit what somebody did."""
        self._store.by(who).note(action, subject, **detail)

    def store_record(self, who: str, patient: str, record: bytes) -> int:
        """Put a record under a patient, by pseudonym; gives its number, that of before where it is there already.

        Raises
        ------
        BadInput
            If it cannot be of this patient.
        """
        (added,) = self._store.by(who).add([record], patient=patient, skip_known=True)
        return added.number

    def purge_record(self, number: int, why: str) -> None:
        """Take a record out of the store; nothing where somebody did so already."""
        with suppress(BadInput):
            self._store.purge_record(number, why=why)

    def name_patient(self, identifier: str) -> str:
        """The pseudonym of a patient; empty for nobody."""
        return self._store.pseudonym_of(identifier) if identifier.strip() else ""


def check_name(name: str) -> None:
    """Refuse a name that cannot be read."""
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or plain(name) != name:
        raise BadInput(
            say("a user's name has 1 to {most} letters that can be seen, and no blank at either end", most=LONGEST_NAME)
        )


def hash_password(password: str) -> str:
    """Hash a password for keeping.

    Raises
    ------
    BadInput
        If it is too short or too long.
    """
    from argon2 import PasswordHasher

    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(say("a password has {least} to {most} letters", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD))
    return PasswordHasher().hash(password)


def verify_password(secret: str | None, password: str) -> bool:
    """Whether it is the password of a hash; for no hash the same time is spent."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(secret or NOBODYS, password[:LONGEST_PASSWORD]) and secret is not None
    except (VerificationError, InvalidHashError):
        return False


VOUCHED: Final = "vouched for "
"""What stands in the place of a password's hash where a provider vouches; no password has such a hash."""

NOBODYS: Final = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that no password has."""
