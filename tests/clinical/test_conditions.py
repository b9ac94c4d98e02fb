"""Other diseases of the patient, by any of their names."""

from calcinet.clinical.case import Case
from calcinet.clinical.conditions import condition, conditions, has


def test_a_disease_is_known_by_its_key_and_in_any_case():
    """Every key names itself."""
    for key in conditions():
        assert condition(key.upper()) == key


def test_a_name_that_no_table_holds_is_no_disease_we_know():
    assert condition("housemaid's knee") is None


def test_a_disease_that_is_not_listed_is_unknown():
    """No list says nothing; an empty list says that there is none."""
    case = {"conditions": [{"name": "diabetes mellitus"}, {"name": "obesity", "present": False}]}
    some = Case.model_validate(case)
    name = condition("diabetes mellitus")

    assert name is not None
    assert has(some, name) is True
    assert next(has(some, other) for other in conditions() if other not in (name, "obesity")) is None
    assert has(Case(), name) is None
    assert has(Case(conditions=()), name) is False
