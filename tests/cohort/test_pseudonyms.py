"""What patients are called outside the archive."""

from datetime import date

from calcinet.cohort.pseudonyms import Naming


def test_a_patient_is_called_the_same_in_one_project_alone(tmp_path):
    file = tmp_path / "key"
    one, again, other = (Naming.of(project, file=file) for project in ("a", "a", "b"))

    assert one.call_patient("0012345", "", "x") == again.call_patient("0012345", "", "y")
    assert one.call_patient("0012345", "", "x") != other.call_patient("0012345", "", "x")
    assert one.call_patient("", "", "x") != one.call_patient("", "", "y")


def test_an_identifier_is_that_of_its_issuer(tmp_path):
    """The same letters parted elsewhere are another patient."""
    naming = Naming.of("a", file=tmp_path / "key")
    names = [naming.call_patient(*said, "x") for said in (("B C", "A"), ("C", "A B"), ("A B C", ""), ("C", "A"))]

    assert len(set(names)) == 4


def test_days_of_a_patient_keep_their_distance(tmp_path):
    naming = Naming.of("a", file=tmp_path / "key")
    first, last = (naming.shift(date(2025, 3, day), "P-1") for day in (1, 31))

    assert (last - first).days == 30
    assert first < date(2025, 3, 1)


def test_a_registry_that_may_keeps_all(tmp_path):
    naming = Naming.of("a", keep=True, file=tmp_path / "key")

    assert naming.call_patient("0012345", "", "x") == "0012345"
    assert naming.call_patient("0012345", "HospA", "x") != naming.call_patient("0012345", "HospB", "x")
    assert naming.shift(date(2025, 3, 1), "0012345") == date(2025, 3, 1)
    assert naming.state_age(95.0) == 95.0
