"""How long work tells how far it has come.

What counts files and images is handed a `Progress`. What happens within one image is told from deep inside it, in few
words: whoever wants to know listens with `stages_told`, and where nobody does, telling costs nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from calcinet.text import Text, say

Progress = Callable[[int, int], None]
"""Called with the number of things done (files, images, objects) and the number of all."""

Stages = Callable[[Text, float], None]
"""Called with what is being done, and the share of the image, 0 to 1, that is done by then."""

READING: Final = say("reading")
TISSUE: Final = say("telling tissues apart")
CALCIUM: Final = say("looking for calcium")
MEASURING: Final = say("measuring")
WRITING: Final = say("writing")


@dataclass(slots=True)
class _Listener:
    tell: Stages
    what: Text = READING
    begins: float = 0.0
    ends: float = 0.0


_listener: ContextVar[_Listener | None] = ContextVar("listener", default=None)


@contextmanager
def stages_told(tell: Stages) -> Iterator[None]:
    """Hear what happens within images as long as the context lasts."""
    token = _listener.set(_Listener(tell))
    try:
        yield
    finally:
        _listener.reset(token)


def enter_stage(what: Text, begins: float, ends: float) -> None:
    """Tell that a part of the work on an image begins, with the shares of all its work between which it lies."""
    listener = _listener.get()
    if listener is not None:
        listener.what, listener.begins, listener.ends = what, begins, ends
        listener.tell(what, begins)


def tell_step(done: int, total: int) -> None:
    """Tell that a piece of the stage is done, a tile or a finding for instance."""
    listener = _listener.get()
    if listener is not None and total:
        listener.tell(listener.what, listener.begins + (listener.ends - listener.begins) * done / total)
