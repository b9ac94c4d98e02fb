"""What has another shape than the standard's counts as absent: no element of a bundle, whatever it is, is a crash."""

import json
from copy import deepcopy

import pytest

from calcinet.errors import BadInput
from calcinet.io.case.fhir.bundle import case_of_bundle
from fuzz.seeds import BUNDLE
from tests.support.bundles import bundle, read, result, values

SHAPES = ({"x": []}, [["x"]], 7, None)


def list_paths(tree, path=()):
    """Path of every place of a tree, without the numbers of lists, and of entries with their type."""
    if isinstance(tree, list):
        for item in tree:
            yield from list_paths(item, path)
    elif isinstance(tree, dict):
        kind = tree.get("resourceType", "")
        for key, value in tree.items():
            yield (*path, kind, key)
            yield from list_paths(value, (*path, kind, key))


def put(tree, path, value):
    """Put a value at every place of a path."""
    if isinstance(tree, list):
        for item in tree:
            put(item, path, value)
    elif isinstance(tree, dict) and tree.get("resourceType", "") == path[0] and path[1] in tree:
        if len(path) == 2:
            tree[path[1]] = deepcopy(value)
        else:
            put(tree[path[1]], path[2:], value)


@pytest.mark.parametrize("shape", SHAPES, ids=["block", "list", "number", "nothing"])
def test_an_element_of_another_shape_is_absent_or_refused(shape):
    """Each kind of element of a bundle that holds all that is read: in its place a block, a list, a number, nothing."""
    whole = json.loads(BUNDLE.read_text("utf-8"))
    paths = set(list_paths(whole))
    refused = set()
    for path in paths:
        changed = deepcopy(whole)
        put(changed, path, shape)
        try:
            case_of_bundle(changed)
        except BadInput:
            refused.add(path)

    assert len(paths) > 150
    assert refused <= {("Bundle", "resourceType")}


@pytest.mark.parametrize("comparator", [{"x": []}, [["x"]], 7, "about"])
def test_a_comparator_that_is_none_takes_its_value_with_it(comparator):
    """Without it the value would be another: "less than 2.1" is not 2.1."""
    told = result("calcium", 2.1)
    told["valueQuantity"]["comparator"] = comparator
    case = read(told, result("albumin", 31, "g/L"))

    assert values(case) == [("albumin", "31")]


@pytest.mark.parametrize("kind", [{"x": []}, [["x"]], 7, None])
def test_a_resource_of_no_type_is_none_of_the_patients(kind):
    """Where no patient is in the bundle the subjects of its entries are asked for."""
    odd = {**result("calcium", 2.1), "resourceType": kind, "subject": {"reference": "Patient/other"}}
    case = case_of_bundle(bundle(odd, result("albumin", 31, "g/L"), patient=None))

    assert values(case) == [("albumin", "31")]
