"""Stop the clock of every Python process that finds this folder first on its path (for tools.same_output)."""

import datetime
import time
from typing import Any, Final

SECONDS: Final = 1_700_000_000.0
"""Since 1970. Our choice: any moment does."""

REAL: Final[Any] = datetime.datetime
LOCALTIME: Final = time.localtime
GMTIME: Final = time.gmtime
STRFTIME: Final = time.strftime


class Kind(type):
    """Lets every date with a time pass as one of the stopped class."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, REAL) if cls is Stopped else type.__instancecheck__(cls, instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, REAL) if cls is Stopped else type.__subclasscheck__(cls, subclass)


class Stopped(REAL, metaclass=Kind):  # type: ignore[misc]
    """A datetime that is always now at the same moment."""

    __slots__ = ()  # of the size that compiled modules expect

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        """The moment of this module."""
        return cls.fromtimestamp(SECONDS, tz)

    @classmethod
    def utcnow(cls) -> Any:
        """The same, without a time zone."""
        return cls.fromtimestamp(SECONDS, datetime.UTC).replace(tzinfo=None)


Stopped.__name__ = Stopped.__qualname__ = "datetime"
Stopped.__module__ = "datetime"
datetime.datetime = Stopped  # type: ignore[misc]
time.time = lambda: SECONDS
time.time_ns = lambda: int(SECONDS) * 1_000_000_000
time.localtime = lambda seconds=None: LOCALTIME(SECONDS if seconds is None else seconds)
time.gmtime = lambda seconds=None: GMTIME(SECONDS if seconds is None else seconds)
time.strftime = lambda form, moment=None: STRFTIME(form, LOCALTIME(SECONDS) if moment is None else moment)
