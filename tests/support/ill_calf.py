"""Bone scans of generated patients, and what is looked up in their records."""

from calcinet.phantoms.scintigram.whole_body import WholeBody

CALF = ("lower leg", "L")
ILL = WholeBody(seed=41, person=41, counts=1.5e6, uptake={CALF: 1.6}, variation={CALF: 0.35})


def segment(record, part, side):
    return next(one for one in record.scintigram.segments if (one.part, one.side) == (part, side))
