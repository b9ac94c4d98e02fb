"""What of an image takes long to find, before anybody corrects it: corrections begin there."""

from collections.abc import Mapping
from dataclasses import dataclass

from calcinet.findings.ct.finder import CtCalcium
from calcinet.findings.finding import Finding
from calcinet.findings.mammogram.finder import BreastCalcium
from calcinet.findings.projection_calcium import Calcium
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols.optics import Optics
from calcinet.protocols.vessel_records import RecordedVessel


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Groundwork:
    """Marks, noise and blur of one image as they were found, and its vessels as they were measured.

    What follows from the pixels within a second, the map of tissue above all, is not in it.
    """

    optics: Optics | None
    found: Calcium | BreastCalcium | CtCalcium
    """Of a radiograph, of a mammogram, or of a CT, whose deposits are measured anew."""
    vessels: Mapping[int, RecordedVessel]
    """By their numbers among the findings."""
    classes: CalibreClasses
    """By which these vessels were called small or large."""

    def recall_vessels(self, classes: CalibreClasses) -> dict[int, RecordedVessel]:
        """The measured vessels by the identity of their findings, which a correction leaves as they are.

        None of them where other classes are asked for.
        """
        if classes != self.classes:
            return {}
        return {id(self.findings[number]): vessel for number, vessel in self.vessels.items()}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The marks of a film."""
        assert not isinstance(self.found, CtCalcium)
        if isinstance(self.found, BreastCalcium):
            return self.found.calcium.findings
        return self.found.findings
