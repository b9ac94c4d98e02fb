"""How a report is to be read: what its words mean, and what they do not."""

from calcinet.record import Record
from calcinet.report.blocks import Prose, Section, say_each
from calcinet.report.language import Language
from calcinet.report.sections.modalities import CT, FILM, modality_text


def guide(record: Record, _: Language) -> Section:
    """The paragraphs at the end of every report."""
    cut = record.calibre_cutoffs_mm
    return Section(
        "guide",
        _("How to read this page"),
        (
            Prose(
                _(
                    "A net-like pattern of fine calcium under the skin has been described on plain films of patients "
                    "with calciphylaxis."
                ),
                cites=("ng_case", "shmidt2011", "shmidt2012"),
            ),
            Prose(_("Chronic venous disease can look the same and should be asked about."), cites=("tokoro2009",)),
            Prose(
                _(
                    "Calcium of large and medium vessels is nearly the rule in patients on dialysis and does not by "
                    "itself point to calciphylaxis."
                ),
                cites=("toussaint2011",),
            ),
            Prose(
                _(
                    "Nine of ten biopsy-proven patients had calcified vessels in the soft tissue of the affected part; "
                    "nobody without the disease was counted beside them."
                ),
                cites=("bonchak2015",),
            ),
            Prose(
                _(
                    "A film can be had at the bedside, costs little and shows small calcium; CT shows place and extent "
                    "exactly, with more radiation and away from the bedside."
                ),
                cites=("ng_case",),
            ),
            Prose(
                _(
                    "The arterioles of the disease measure about 0.1 mm, and plain films have shown "
                    "calcified vessels of 0.1 to 0.3 mm. Where the limit of detection is wider, "
                    "their calcification is not assessable."
                ),
                cites=("eucalnet", "halasz2017"),
            ),
            Prose(
                _(
                    "The limit of detection of a single line is that of a line 20 mm long that an ideal observer finds "
                    "half of the time, at one false line on 100 cm², in the film's own noise, blur and contrast, times "
                    "what the detector was measured to need more. The limit of a net is that of the same observer who "
                    "looks for a whole net, with meshes of 4 mm on 10 cm², and knows its course; the factor of the "
                    "detector is that of single lines and was not measured for nets. Both are typical: a mark may be "
                    "finer."
                )
            ),
            Prose(
                _(
                    "The probability beside a finding is the program's own estimate that it is calcium of that kind. "
                    "It is not the probability of a disease. Intervals are 95 % intervals."
                )
            ),
            *_explain_depth(record, _),
            Prose(
                _(
                    "Calibre classes by outer diameter: large from {large:.1f} mm, medium from {medium:.1f} mm, small "
                    "from {small:.1f} mm, arteriole below that. The literature gives no cut-offs: these are calcinet's "
                    "own and can be changed.",
                    large=cut.large,
                    medium=cut.medium,
                    small=cut.small,
                )
            ),
        ),
    )


def _explain_depth(record: Record, _: Language) -> list[Prose]:
    """Say what a depth is, on films and on CT, as far as such images were examined."""
    meant = {modality_text(image).depth for image in record.examined}
    if not meant:
        meant = {FILM.depth}
    return say_each([text for text in (FILM.depth, CT.depth) if text in meant], _)
