"""Licences of everything that comes along: what Apache-2.0 can be used with, and no GPL in the core."""

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement

from tests.support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
SHIPPED = [name for name in EXTRAS if name not in ("all", "dev", "bench", "train", "fuzz", "audit")]


def said(one: Distribution) -> str:
    """Expression, classifiers, else the first line of the text, as the package says it."""
    told = one.metadata
    classified = [entry for entry in told.get_all("Classifier") or () if entry.startswith("License ::")]
    first = (told.get("License") or "").strip().splitlines()[:1]
    return "; ".join(filter(None, [told.get("License-Expression"), *classified, *first]))


def walk(wanted: list[str]) -> dict[str, str]:
    """Every package that these bring, by name, with its licence; what is not installed here is passed over."""
    found: dict[str, str] = {}
    waiting = [Requirement(text) for text in wanted]
    while waiting:
        one = waiting.pop()
        if one.name == PROJECT["name"] or one.name.lower() in found or (one.marker and not one.marker.evaluate()):
            continue
        try:
            installed = distribution(one.name)
        except PackageNotFoundError:
            continue
        found[one.name.lower()] = said(installed)
        for text in installed.requires or ():
            further = Requirement(text)
            extras = one.extras or {""}
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(Requirement(text.partition(";")[0]))
    return found


def is_copyleft(licence: str) -> bool:
    """GPL or AGPL, not LGPL, which lets a library be used."""
    return bool(re.search(r"(?<!L)GPL|(?<!Lesser )General Public License", licence)) and "LGPL" not in licence


def test_core_has_licences_and_none_is_copyleft():
    licences = walk(PROJECT["dependencies"])

    assert len(licences) > 20
    assert {name: licence for name, licence in licences.items() if is_copyleft(licence)} == {}
    assert {name for name, licence in licences.items() if "LGPL" in licence} == set()


@pytest.mark.parametrize("extra", SHIPPED)
def test_extras_have_licences_and_none_is_gpl(extra):
    licences = walk(EXTRAS[extra])

    assert {name: licence for name, licence in licences.items() if is_copyleft(licence)} == {}
    assert [name for name, licence in licences.items() if not licence] == []
