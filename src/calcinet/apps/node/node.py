"""`calcinet node`: listens, keeps, hands over, sends, until it is stopped."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from calcinet.apps.node.desk import Desk
from calcinet.apps.node.earlier import Fetching
from calcinet.apps.node.moved import Moved
from calcinet.apps.node.posting import CANNOT_POST, Courier, Posting
from calcinet.apps.node.routing import Rule
from calcinet.apps.stopping import Stopped
from calcinet.apps.web.crew import Crew
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.folder_lock import hold
from calcinet.apps.web.people import People
from calcinet.apps.web.queue import Queue
from calcinet.delivery import Outbox
from calcinet.delivery.earlier import EarlierRule
from calcinet.errors import CalcinetError
from calcinet.reception import Listener, Listening
from calcinet.text import say

ANOTHER: Final = say("another node works with this folder: stop it, or give another one with --data")

LOOK_S: Final = 0.5
"""Studies that may be complete, and results, are looked for so often. Our choice."""

CLOSING_S: Final = 10.0
"""An object that is being sent is waited for so long when the node is stopped."""

WAITED_S: Final = 60.0
"""A fault that lasts is said again after so long. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeOrder:
    """What a node is to do."""

    listening: Listening
    rules: Sequence[Rule]
    data: Path
    quiet_s: float
    workers: int = 1
    earlier: EarlierRule | None = None
    """Which earlier studies a new one is compared with."""


def run_node(order: NodeOrder, tell: Callable[[str], None]) -> None:
    """Work until somebody stops it.

    Raises
    ------
    BadInput
        If the address cannot be.
    MachineFault
        If the port is taken, another node has the folder, or nothing can be written there.
    """
    data = DataFolder(order.data.absolute())
    data.make()
    with hold(data.node_lock, ANOTHER):
        log = _Log(tell)
        node = _Node(order, data, log)
        try:
            with suppress(Stopped):  # is how a node ends
                node.run()
        finally:
            node.close()


class _Log:
    """One line a thing that happened, with the moment; no line names a patient."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._last: dict[str, float] = {}

    def __call__(self, line: str) -> None:
        stamp = datetime.now(UTC).isoformat(timespec="seconds")
        self._tell(f"{stamp} {line}")

    def seldom(self, line: str) -> None:
        """Say what may go on for long, not each time."""
        now = time.monotonic()
        if now - self._last.get(line, -WAITED_S) >= WAITED_S:
            self._last = {line: now}
            self(line)


class _Node:
    """A node while it works."""

    def __init__(self, order: NodeOrder, data: DataFolder, log: _Log) -> None:
        self._order, self._log = order, log
        self._queue, self._people = Queue(data.queue), People(data)
        self._desk = Desk.of(data, self._queue, self._people, lambda: self._crew.wake(), log)
        self._desk.shelf.put_right()
        take = self._desk.shelf.take
        if order.earlier is not None:
            moved = Moved(source=order.earlier.source, take_new=take)
            self._desk = self._desk.comparing(_make_fetching(order, order.earlier, data, self._desk, moved))
            take = moved.take
        outbox = Outbox(data.outbox)
        self._posting = Posting(
            data=data, register=self._desk.register, queue=self._queue, outbox=outbox, rules=order.rules, log=log
        )
        self._listener = Listener(order.listening, take, log)
        self._crew = Crew(data, self._queue, self._people, order.workers)
        destinations = dict.fromkeys([*(rule.destination for rule in order.rules), *outbox.destinations()])
        self._couriers = [Courier(outbox, where, log) for where in destinations]

    def run(self) -> None:
        """Look after studies and results until somebody stops it."""
        listening = self._order.listening
        self._log(f"{listening.title} listens at {listening.host}:{self._listener.port}")
        while True:
            try:
                self._desk.hand_over_complete(self._order.quiet_s)
                self._posting.post_all()
            except (*CANNOT_POST, CalcinetError) as error:
                self._log.seldom(f"the folder of the node cannot be written: {_explain(error)}")
            time.sleep(LOOK_S)

    def close(self) -> None:
        """Stop, so that nothing is lost."""
        self._listener.close()
        if self._desk.fetching is not None:
            self._desk.fetching.close()
        for courier in self._couriers:
            courier.close(CLOSING_S)
        self._crew.close()
        self._people.close()


def _make_fetching(order: NodeOrder, rule: EarlierRule, data: DataFolder, desk: Desk, moved: Moved) -> Fetching:
    return Fetching(
        data=data,
        register=desk.register,
        queue=desk.handing_over.queue,
        rule=rule,
        title=order.listening.title,
        moved=moved,
        log=desk.log,
    )


def _explain(error: Exception) -> str:
    """Why, without a path, which may name somebody."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)
