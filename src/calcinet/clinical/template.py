"""An empty case file to fill in: every block with one line on what it is, its fields, and an example commented out."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from calcinet.clinical.block import options_of
from calcinet.clinical.case import SCHEMA, Case

HEAD: Final = """\
# A case for calcinet. Take away the "# " of what you know and fill it in; leave the rest.
# What is left out is not known, never "no". `painful: no` says that it does not hurt; `drugs: []` that there are none.
# No name, number or date of birth: there is no field for them.
# Words are written as they are (yes, no, left, right, both); a day is 2026-03-09. Leave two spaces before a field.
# Then: calcinet validate THIS-FILE   says what is wrong, by line, and what is still asked.
#       calcinet examine --case THIS-FILE film.dcm   or without a film.
"""

WIDTH: Final = 116
"""Of a line of comment, with its mark."""

EXAMPLES: Final[Mapping[str, str]] = {
    "examined_on": "examined_on: 2026-03-09",
    "films": """\
films:
  - {file: film-1.dcm, site: lower leg, side: left, view: AP, on: 2026-03-08}
""",
    "patient": """\
patient:
  age_years: 58
  sex: female
  height_cm: 162
  weights: [{kg: 71, on: 2025-10-02}, {kg: 66.5, on: 2026-03-08}]
""",
    "kidney": """\
kidney:
  stage: 5D
  cause: IgA nephropathy
  dialysis:
    - {kind: haemodialysis, start: 2022-11-01, dialysate_calcium_mmol_l: 1.5}
""",
    "lesions": """\
lesions:
  - site: lower leg
    side: left
    aspect: inner
    kind: ulcer
    began_as: plaque
    changed_within: weeks
    count: 2
    size_cm: 12 x 8
    colour: black
    painful: yes
    necrotic: yes
    purpura_around: yes
    refractory: yes
    since: 2026-01-20
    wound: {necrosis_kind: 5, necrosis_amount: 4, exudate_kind: 3, exudate_amount: 3, skin_around: 4, oedema: 2}
  - {site: finger, digit: middle, side: right, aspect: tip, kind: gangrene, painful: yes}
""",
    "examination": """\
examination:
  peripheral_pulses: present
  pain_score: 8
  pain_vas: 80
  tenderness: yes
  venous_disease: no
  infection_suspected: no
  temperature_c: 36.8
""",
    "conditions": """\
conditions:
  - {name: atrial fibrillation, since: 2021-05-01}
  - {name: diabetes mellitus, present: no}
""",
    "drugs": """\
drugs:
  - {name: warfarin, daily_dose: 3 mg, route: oral, start: 2023-02-01}
  - {name: calcitriol, status: stopped, start: 2024-01-10, stop: 2026-03-01}
""",
    "drugs_complete": "drugs_complete: yes",
    "labs": """\
labs:
  - {name: adjusted calcium, value: 2.31 mmol/L, low: 2.10, high: 2.60, on: 2026-03-08}
  - {name: phosphate, value: 1.9 mmol/L}
  - {name: PTH, value: 64 pmol/L, flag: high}
""",
    "treatments": """\
treatments:
  - {name: sodium thiosulphate, status: given, route: intravenous, dose: 25 g three times a week, start: 2026-03-02}
  - {name: amputation, status: refused, reason: wish of the patient}
""",
    "procedures": """\
procedures:
  - {name: gadolinium, on: 2025-06-01}
""",
    "pathology": """\
pathology:
  - {status: declined, reason: fear of pain}
""",
    "scores": """\
scores: {adragao: 5, kauppila: 14}
""",
    "imaging": """\
imaging:
  - {modality: film, site: lower leg, side: both, net_like: yes, vessels: [large, small, arteriole], quality: good}
  - {modality: CT, site: leg, side: both, contrast: no, vessel_calcium: yes, extent: extensive}
""",
    "exclusions": """\
exclusions:
  - {name: cholesterol emboli, status: excluded}
""",
    "all_mimics_excluded": "all_mimics_excluded: yes",
    "clinician_impression": "clinician_impression: calciphylaxis rather than diabetic gangrene",
    "outcome": """\
outcome: {state: improving, on: 2026-03-08}
""",
}
"""An example of each block. One that is not here is shown by its fields alone."""


def case_template() -> str:
    """Write the template from the blocks of the case file: it can be read as it is, and tells of nobody.

    >>> case_template().splitlines()[6]
    'schema: calcinet.case/1'
    """
    parts = [HEAD + f"schema: {SCHEMA}\n"]
    for name, field in Case.model_fields.items():
        if name != "schema_":
            parts.append("".join(f"{line}\n" for line in _write_block(name, field)))
    return "\n".join(parts)


def _write_block(name: str, field: FieldInfo) -> Iterator[str]:
    """Write what a block is, what each of its fields takes, and the example."""
    yield from _wrap_comment(f"{name}: {field.description or ''}".rstrip(), mark="## ")
    for model in _find_models(field.annotation):
        for key, inner in model.model_fields.items():
            yield from _wrap_comment(_explain_field(key, inner), mark="##     ")
    for line in EXAMPLES.get(name, f"{name}:").splitlines():
        yield f"# {line}"


def _explain_field(key: str, field: FieldInfo) -> str:
    """Say what a field is, and which words it takes."""
    text = f"{key}: {field.description or ''}".rstrip()
    annotation: Any = field.annotation
    options = options_of(annotation)
    if not options:
        return text
    return f"{text} One of: {', '.join(options)}."


def _find_models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The block within a type: that of a list or of an optional field."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not None:
        for inner in get_args(annotation):
            yield from _find_models(inner)


def _wrap_comment(text: str, *, mark: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=mark, subsequent_indent=f"{mark}  ", break_on_hyphens=False)
