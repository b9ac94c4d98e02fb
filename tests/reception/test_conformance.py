"""docs/conformance.md says what the code does: kinds, syntaxes, statuses, bounds, and what a caller is offered."""

import pytest
from pydicom.uid import UID
from pynetdicom import AE, PYNETDICOM_IMPLEMENTATION_UID

from calcinet import limits
from calcinet.delivery.earlier.node import FIND, MOVE
from calcinet.reception import Answer, Listener, Listening, read_caller
from calcinet.reception.kinds import OBJECTS, SYNTAXES, VERIFICATION
from calcinet.reception.lobby import GREETING_S
from tests.support.paths import ROOT

STATEMENT = (ROOT / "docs/conformance.md").read_text("utf-8")


def read_rows(heading: str) -> list[list[str]]:
    """Cells of the first table behind a heading, without its head."""
    lines = STATEMENT.split(heading)[1].splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows[2:]


def test_kinds_and_syntaxes_are_those_that_are_offered():
    assert [row[1] for row in read_rows("### 3.2 SOP Classes")] == [VERIFICATION, *OBJECTS]
    assert [row[1] for row in read_rows("### 3.3 Transfer syntaxes")] == list(SYNTAXES)
    for name, uid in read_rows("### 3.2 SOP Classes") + read_rows("### 3.3 Transfer syntaxes"):
        assert name == next(one for one in (VERIFICATION, *OBJECTS, *SYNTAXES) if one == uid).name


def test_questions_are_those_that_are_asked():
    assert [row[1] for row in read_rows("## 5 Earlier studies, as user")] == [FIND, MOVE]
    assert [UID(row[1]).name for row in read_rows("## 5 Earlier studies, as user")] == [
        row[0] for row in read_rows("## 5 Earlier studies, as user")
    ]


def test_statuses_are_those_that_are_answered():
    assert [int(row[0], 16) for row in read_rows("### 3.4 Statuses")] == [int(one) for one in Answer]


def test_bounds_and_identity_are_those_of_the_code():
    bounds = dict(read_rows("### 3.1 Associations"))

    assert bounds["Most associations at a time"] == str(limits.ASSOCIATIONS.default)
    assert bounds["Most PDU length offered"] == f"{limits.RECEIVED_UNIT_BYTES.default} bytes"
    assert bounds["Largest object"] == f"{limits.RECEIVED_OBJECT_BYTES.default} bytes"
    assert str(limits.RECEIVING_SECONDS.default) in bounds["Time-out of messages, of silence"]
    assert bounds["Time-out of the request of an association"] == f"{GREETING_S} s"
    assert dict(read_rows("### 2.1 Identity"))["Implementation Class UID"] == PYNETDICOM_IMPLEMENTATION_UID


@pytest.fixture
def listener():
    taken = []
    where = Listening(title="CALCINET", host="127.0.0.1", port=0, callers=[read_caller("MODALITY@127.0.0.1")])
    running = Listener(where, taken.append, lambda _: None)
    yield running
    running.close()


def test_a_caller_is_offered_what_the_statement_says(listener):
    """Every SOP Class with every transfer syntax, in associations of at most 128 contexts, and the length of a unit."""
    wanted = [(row[1], syntax[1]) for row in read_rows("### 3.2 SOP")[1:] for syntax in read_rows("### 3.3 Transfer")]
    accepted = []
    for start in range(0, len(wanted), 128):
        entity = AE("MODALITY")
        for sop_class, syntax in wanted[start : start + 128]:
            entity.add_requested_context(sop_class, syntax)
        association = entity.associate("127.0.0.1", listener.port, ae_title="CALCINET")
        assert association.is_established
        accepted += [(one.abstract_syntax, one.transfer_syntax[0]) for one in association.accepted_contexts]
        assert association.acceptor.maximum_length == limits.RECEIVED_UNIT_BYTES.default
        association.release()

    assert sorted(accepted) == sorted(wanted)
