"""The key of the stores of one user: pseudonyms, shifts of dates and the chain of the audit hang on it.

One file of 32 random bytes, which only its owner can read, outside every store: who has a copy of a store alone can
neither try numbers of patients until a pseudonym fits nor write a chain that holds. Each store takes keys of its own
from it, so that pseudonyms of two stores tell nothing of one another.
"""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.errors import BadInput
from calcinet.machine import writing_in
from calcinet.text import say

KEY: Final = "CALCINET_KEY"
"""Variable of the environment with the path of the file."""

KEY_BYTES: Final = 32
"""As long as the hash (RFC 2104, 3)."""

PSEUDONYM_BYTES: Final = 10
"""Two of a million patients are alike with a probability of 4e-13. Our choice."""

GROUP: Final = 4
"""Letters between two dashes. Our choice: as they are read aloud."""

FINGERPRINT: Final = 12
"""Letters. Our choice: enough to tell files of keys apart."""

LONGEST_SHIFT_WEEKS: Final = 52
"""How far dates are shifted back at most: whole weeks, so that days of the week stay. Our choice."""

OWNER_ALONE: Final = 0o600
FOLDER_OF_OWNER: Final = 0o700


def default_key_file() -> Path:
    """$CALCINET_KEY, else calcinet/store.key under $XDG_CONFIG_HOME or ~/.config."""
    given = os.environ.get(KEY)
    if given:
        return Path(given)
    configuration = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(configuration) / "calcinet" / "store.key"


@dataclass(frozen=True, slots=True, repr=False)
class StoreKey:
    """The keys of one store, derived from that of its user."""

    secret: bytes
    """HMAC of the identifier of the store."""

    @classmethod
    def of(cls, uid: str, file: Path | None = None) -> "StoreKey":
        """Derive the keys of a store; without a file of a key one is made.

        Raises
        ------
        BadInput
            If the file holds no key.
        MachineFault
            If none can be made.
        """
        return cls(_hash(_read_or_make(file or default_key_file()), "store", uid))

    @property
    def fingerprint(self) -> str:
        """By which a store knows its key again; it tells nothing of it."""
        return _hash(self.secret, "fingerprint").hex()[:FINGERPRINT]

    def pseudonym(self, identifier: str) -> str:
        """By what a patient is called, the same for the same identifier."""
        return write_pseudonym(_hash(self.secret, "patient", identifier.strip()))

    def exported(self, pseudonym: str) -> str:
        """By what the same patient is called in a de-identified export."""
        return write_pseudonym(_hash(self.secret, "export", pseudonym), "X")

    def shift_days(self, pseudonym: str) -> int:
        """How many days the dates of a patient are shifted: whole weeks back, never none."""
        number = int.from_bytes(_hash(self.secret, "dates", pseudonym)[:8])
        return -7 * (1 + number % LONGEST_SHIFT_WEEKS)

    def digest(self, what: str) -> str:
        """Keyed hash of what must be told apart in an export and recognised by nobody, as a SHA-256 is written."""
        return _hash(self.secret, "digest", what).hex()

    def seal(self, content: bytes) -> str:
        """Seal an entry of the audit."""
        return hmac.new(_hash(self.secret, "audit"), content, hashlib.sha256).hexdigest()


def random_pseudonym() -> str:
    """A pseudonym that nothing leads to."""
    return write_pseudonym(secrets.token_bytes(PSEUDONYM_BYTES))


def write_pseudonym(digest: bytes, letter: str = "P") -> str:
    """Write the beginning of a digest as a pseudonym.

    >>> write_pseudonym(bytes(10))
    'P-AAAA-AAAA-AAAA-AAAA'
    """
    letters = base64.b32encode(digest[:PSEUDONYM_BYTES]).decode()
    return "-".join([letter, *(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))])


def _hash(key: bytes, *words: str) -> bytes:
    """HMAC-SHA256 of words, each with its length before it."""
    encoded = [word.encode() for word in words]
    content = b"".join(len(word).to_bytes(8) + word for word in encoded)
    return hmac.digest(key, content, hashlib.sha256)


def _read_or_make(file: Path) -> bytes:
    """The key of a file; two programs that make it at once get the same."""
    try:
        return _read_key(file)
    except FileNotFoundError:
        pass
    with writing_in(file.parent):
        file.parent.mkdir(mode=FOLDER_OF_OWNER, parents=True, exist_ok=True)
        partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_hex(KEY_BYTES) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
            with suppress(FileExistsError):  # another made it first
                os.link(partial, file)
        finally:
            partial.unlink(missing_ok=True)
    return _read_key(file)


def _read_key(file: Path) -> bytes:
    """Raises FileNotFoundError where there is none."""
    try:
        key = bytes.fromhex(file.read_text("ascii").strip())
    except FileNotFoundError:
        raise
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadInput(
            say("the file of the store's key ({file}) holds none: put back the file that was there", file=str(file))
        )
    return key
