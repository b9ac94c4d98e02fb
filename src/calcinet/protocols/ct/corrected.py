"""Deposits of a CT that a reader rejects, calls something else, or places in another compartment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from calcinet.findings.ct.artery_paths import ArteryPath, Plaque, is_path, make_path
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.finder import CtCalcium, Deposit
from calcinet.findings.finding import Kind
from calcinet.protocols.corrections import ELSEWHERE, IN_ARTERY, Corrections, FindingEdit
from calcinet.protocols.finding_fields import generate_ids
from calcinet.vocabulary import Compartment


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KeptDeposits:
    """What is left on a CT, and what it is called."""

    found: CtCalcium
    ids: Sequence[str]
    """Of `found.lesions`: those that they had before."""
    placed: frozenset[str]
    """Ids of those whose compartment is a reader's word: it holds where the picture does not tell it, too."""


def correct_deposits(found: CtCalcium, corrections: Corrections, spacing_mm: Spacing) -> KeptDeposits:
    """Leave out what a reader rejects and change what they relabel, before anything is measured.

    A path of an artery that lost a deposit leads through those that are left, where these make a path still; a
    deposit that a reader places in an artery is a path where it is long enough by itself.

    Parameters
    ----------
    found
        What was found, numbered f1, f2, ... in the order of its lesions.
    corrections
        What a reader said.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    """
    edits = {edit.finding: edit for edit in corrections}
    lesions: list[Deposit] = []
    ids: list[str] = []
    numbers: dict[int, int] = {}
    """New numbers of those that are in an artery, or where they were, by the old ones."""
    moved_in: list[int] = []
    for number, (finding_id, deposit) in enumerate(zip(generate_ids(), found.lesions, strict=False)):
        edit = edits.get(finding_id)
        if edit is not None and edit.action == "reject":
            continue
        changed = deposit if edit is None else _change_deposit(deposit, edit)
        if changed.compartment == IN_ARTERY and deposit.compartment != IN_ARTERY:
            moved_in.append(len(lesions))
        elif changed.compartment == deposit.compartment:
            numbers[number] = len(lesions)
        lesions.append(changed)
        ids.append(finding_id)
    paths = [_follow_path(path, found.lesions, numbers, spacing_mm) for path in found.paths]
    paths += [_find_path(lesions[number], number, spacing_mm) for number in moved_in]
    return KeptDeposits(
        found=replace(found, lesions=tuple(lesions), paths=tuple(path for path in paths if path is not None)),
        ids=ids,
        placed=frozenset(name for name, edit in edits.items() if edit.detail),
    )


def _change_deposit(deposit: Deposit, edit: FindingEdit) -> Deposit:
    """A deposit as a reader calls it: what lies in an artery is a vessel, and no other calcium lies in one."""
    compartment = deposit.compartment
    if edit.detail:
        compartment = cast(Compartment, edit.detail)
    kind = deposit.kind if edit.kind is None else Kind(edit.kind)
    if edit.kind is None and compartment == IN_ARTERY:
        kind = Kind.VESSEL
    if kind is Kind.FOCUS and compartment == IN_ARTERY:
        compartment = ELSEWHERE
    net = deposit.net if kind is Kind.NET else None
    pieces = deposit.pieces if compartment == IN_ARTERY else ()
    return replace(deposit, kind=kind, compartment=compartment, net=net, pieces=pieces)


def _follow_path(
    path: ArteryPath, lesions: Sequence[Deposit], numbers: dict[int, int], spacing_mm: Spacing
) -> ArteryPath | None:
    """A path through the deposits of it that are left, by their new numbers; None where these make none."""
    left = [number for number in path.members if number in numbers]
    renumbered = tuple(numbers[number] for number in left)
    if len(left) == len(path.members):
        return replace(path, members=renumbered)
    plaques = []
    for number in left:
        plaques += _list_plaques(lesions[number], numbers[number])
    return _make_path(plaques, spacing_mm)


def _find_path(deposit: Deposit, number: int, spacing_mm: Spacing) -> ArteryPath | None:
    return _make_path(_list_plaques(deposit, number), spacing_mm)


def _list_plaques(deposit: Deposit, number: int) -> list[Plaque]:
    return [Plaque(number, piece.shape) for piece in deposit.pieces or (deposit,)]


def _make_path(plaques: Sequence[Plaque], spacing_mm: Spacing) -> ArteryPath | None:
    if not plaques or not is_path(plaques, spacing_mm):
        return None
    path = make_path(plaques, spacing_mm)
    return replace(path, members=tuple(dict.fromkeys(path.members)))
