"""Findings on one radiograph -> their entries of the record, numbered: nets, then vessels, then other calcium."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calcinet.findings.finding import Finding, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.progress import tell_step
from calcinet.protocols.finding_fields import generate_ids, record_focus
from calcinet.protocols.net_measures import CandidateNet, record_nets
from calcinet.protocols.vessel_records import (
    NOTHING_MEASURED,
    MeasuredProjection,
    RecordedVessel,
    measure_length,
    record_vessel,
    rough_calibre_px,
)
from calcinet.record import FindingRecord


@dataclass(frozen=True, slots=True, eq=False)
class RecordedFindings:
    """Entries of everything that was found on one radiograph."""

    nets: Sequence[FindingRecord]
    """Largest first."""
    vessels: Mapping[int, RecordedVessel]
    """Widest first, by their numbers in `Calcium.findings`."""
    foci: Sequence[FindingRecord]

    def records(self) -> tuple[FindingRecord, ...]:
        """All of them, in the order of their ids."""
        vessels = [vessel.record for vessel in self.vessels.values()]
        return (*self.nets, *vessels, *self.foci)


def number_findings(calcium: Calcium, nets: Sequence[CandidateNet]) -> dict[int, str]:
    """Ids of what goes into the record, by the numbers in `calcium.findings`, in the order of the record."""
    places = {id(finding): number for number, finding in enumerate(calcium.findings)}
    numbers = [places[id(net.finding)] for net in nets if net.is_called]
    numbers += [number for number, _ in sort_vessels(calcium)]
    numbers += [number for number, finding in enumerate(calcium.findings) if finding.kind is Kind.FOCUS]
    return dict(zip(numbers, generate_ids(), strict=False))


def record_findings(
    projection: MeasuredProjection,
    calcium: Calcium,
    nets: Sequence[CandidateNet],
    ids: Mapping[int, str],
    measured: Mapping[int, RecordedVessel] = NOTHING_MEASURED,
) -> RecordedFindings:
    """Enter what was found, by `number_findings`; of `nets` those that are called.

    `measured`: vessels that were measured before, by the identity of their findings.
    """
    image, regions = projection.image, projection.regions
    places = {id(finding): number for number, finding in enumerate(calcium.findings)}
    net_ids = [ids[places[id(net.finding)]] for net in nets if net.is_called]
    net_records = record_nets(image, regions, nets, iter(net_ids))
    vessel_records = {}
    vessels = sort_vessels(calcium)
    for done, (number, vessel) in enumerate(vessels):
        tell_step(done, len(vessels))
        if id(vessel) in measured:
            vessel_records[number] = measured[id(vessel)]
            continue
        length = measure_length(image, vessel.centre_lines[0])
        vessel_records[number] = record_vessel(projection, vessel, ids[number], length)
    focus_records = []
    for number, finding in enumerate(calcium.findings):
        if finding.kind is Kind.FOCUS:
            focus_records.append(record_focus(image, regions, finding, ids[number]))
    return RecordedFindings(net_records, vessel_records, focus_records)


def sort_vessels(calcium: Calcium) -> list[tuple[int, Finding]]:
    """The vessels with their numbers in `calcium.findings`, widest first."""
    vessels = []
    for number, finding in enumerate(calcium.findings):
        if finding.kind is Kind.VESSEL:
            vessels.append((number, finding))
    return sorted(vessels, key=_get_calibre_px, reverse=True)


def _get_calibre_px(numbered: tuple[int, Finding]) -> float:
    return rough_calibre_px(numbered[1])
