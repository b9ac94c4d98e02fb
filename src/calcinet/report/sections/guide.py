"""How a report is to be read: what its words mean, and what they do not."""

from calcinet.record import Record
from calcinet.report.blocks import Prose, Section
from calcinet.report.language import Language


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
                    "The arterioles of the disease measure about 0.1 mm, and plain films have shown calcified vessels "
                    "of 0.1 to 0.3 mm. A film that cannot show so thin a line cannot say that none is there."
                ),
                cites=("eucalnet", "halasz2017"),
            ),
            Prose(
                _(
                    "The probability beside a finding is the program's own estimate that it is calcium of that kind. "
                    "It is not the probability of a disease. Intervals are 95 % intervals."
                )
            ),
            *_depth(record, _),
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


def _depth(record: Record, _: Language) -> list[Prose]:
    """What a depth is: on a film, and on CT."""
    told = []
    if not record.examined or any(image.ct is None for image in record.examined):
        told.append(
            _(
                "Depth is the distance to the skin line as projected: a mark in the middle of the limb may still "
                "lie just under the skin of its front or back."
            )
        )
    if any(image.ct is not None for image in record.examined):
        told.append(
            _(
                "On CT depth is the distance to the skin in space, a volume is freed of blur, and the Agatston score "
                "is that of arteries alone."
            )
        )
    return [Prose(text) for text in told]
