"""Who the patient is, without a name: body, kidneys, other diseases, bedside findings."""

from collections.abc import Mapping
from typing import ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from calcinet.clinical.block import CaseBlock, Day, ordered
from calcinet.clinical.ternary import is_among

Stage = Literal["normal", "1", "2", "3", "4", "5", "5D"]
Ceap = Literal["C0", "C1", "C2", "C3", "C4", "C5", "C6"]

SEX_WORDS: Final[dict[str, str]] = {"f": "female", "woman": "female", "m": "male", "man": "male"}
"""Other words for the sexes."""

DIALYSIS_WORDS: Final[dict[str, str]] = {
    "hd": "haemodialysis", "hemodialysis": "haemodialysis", "ichd": "haemodialysis", "hhd": "haemodialysis",
    "in-centre haemodialysis": "haemodialysis", "in-center hemodialysis": "haemodialysis",
    "home haemodialysis": "haemodialysis", "home hemodialysis": "haemodialysis",
    "hdf": "haemodiafiltration", "hemodiafiltration": "haemodiafiltration", "ol-hdf": "haemodiafiltration",
    "online hdf": "haemodiafiltration",
    "pd": "peritoneal", "peritoneal dialysis": "peritoneal", "capd": "peritoneal", "apd": "peritoneal",
    "ccpd": "peritoneal", "ipd": "peritoneal", "automated peritoneal dialysis": "peritoneal",
    "continuous ambulatory peritoneal dialysis": "peritoneal",
}  # fmt: skip
"""Other words for the kinds of dialysis."""

PULSE_WORDS: Final[dict[str, str]] = {
    "palpable": "present", "normal": "present", "intact": "present", "good": "present",
    "weak": "reduced", "diminished": "reduced", "decreased": "reduced", "faint": "reduced",
    "not palpable": "absent", "impalpable": "absent", "non-palpable": "absent",
}  # fmt: skip
"""Other words for the pulses."""


class Weight(CaseBlock):
    """Body weight on one day."""

    kg: float = Field(gt=0, le=400)
    """Body weight in kg."""
    on: Day | None = None
    """Day of weighing."""


class Patient(CaseBlock):
    """Who; without a name."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"sex": SEX_WORDS}

    age_years: int | None = Field(default=None, ge=0, le=120)
    """Age in completed years on the day of examination."""
    sex: Literal["female", "male", "other"] | None = None
    """Sex as the record has it."""
    height_cm: float | None = Field(default=None, ge=30, le=250)
    """Body height in cm."""
    weights: tuple[Weight, ...] = ()
    """Body weights, oldest first; a loss between them is worked out."""


class Dialysis(CaseBlock):
    """One period of dialysis."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"kind": DIALYSIS_WORDS}

    kind: Literal["peritoneal", "haemodialysis", "haemodiafiltration"]
    """Kind of dialysis."""
    start: Day | None = None
    """First day."""
    stop: Day | None = None
    """Last day; leave out where it goes on."""
    years: float | None = Field(default=None, ge=0, le=60)
    """How long, where the first day is not known."""
    dialysate_calcium_mmol_l: float | None = Field(default=None, ge=0, le=3)
    """Calcium of the dialysis fluid in mmol/L."""

    @model_validator(mode="after")
    def _check_stop_after_start(self) -> Self:
        ordered(self.start, self.stop)
        return self


class Kidney(CaseBlock):
    """Kidney function; the disease occurs with normal kidneys too, so say "normal" where it is."""

    stage: Stage | None = None
    """Stage of chronic kidney disease, 5D on dialysis, or "normal"."""
    egfr_ml_min: float | None = Field(default=None, ge=0, le=250)
    """Glomerular filtration rate in mL/min (per 1.73 m2)."""
    cause: str | None = None
    """Kidney disease, for instance "IgA nephropathy"."""
    dialysis: tuple[Dialysis, ...] = ()
    """Periods of dialysis, oldest first."""
    transplant: bool | None = None
    """A kidney was transplanted."""

    @model_validator(mode="after")
    def _check_stage_agrees_with_dialysis(self) -> Self:
        if self.stage == "normal" and any(period.stop is None for period in self.dialysis):
            raise ValueError("stage is normal, but dialysis goes on")
        return self

    @property
    def on_dialysis(self) -> bool | None:
        """Whether dialysis goes on; None where nothing was said."""
        if self.dialysis:
            return any(period.stop is None for period in self.dialysis)
        return is_among(self.stage, ("5D",))

    @property
    def on_haemodialysis(self) -> bool | None:
        """Whether blood runs through a machine; None where dialysis goes on and its kind was not said."""
        if self.dialysis:
            return any(period.stop is None and period.kind != "peritoneal" for period in self.dialysis)
        if self.on_dialysis:
            return None
        return self.on_dialysis


class Examination(CaseBlock):
    """What the bedside showed and the history told; leave out what was not looked at."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {"peripheral_pulses": PULSE_WORDS}

    peripheral_pulses: Literal["present", "reduced", "absent"] | None = None
    """Pulses of the affected limbs."""
    ankle_brachial_index: float | None = Field(default=None, ge=0, le=3)
    """Lowest ankle-brachial pressure index."""
    claudication: bool | None = None
    """Pain on walking that rest relieves."""
    temperature_c: float | None = Field(default=None, ge=25, le=45)
    """Body temperature in degrees Celsius."""
    infection_suspected: bool | None = None
    """Wound or blood stream infection suspected at the bedside; "no" where it was looked for and not found."""
    recurrent_hypotension: bool | None = None
    """Repeated low blood pressure, for instance during dialysis."""
    rapid_weight_loss: bool | None = None
    """Weight lost quickly, where the weights themselves are not known."""
    trauma: bool | None = None
    """Injury at the site before the lesion."""
    subcutaneous_injections_per_day: float | None = Field(default=None, ge=0, le=20)
    """Injections under the skin a day."""
    venous_disease: bool | None = None
    """Chronic venous disease of the affected leg; "no" where it was looked for and not found."""
    ceap: Ceap | None = None
    """Clinical class of venous disease, C0 to C6."""
    oedema: bool | None = None
    """Swelling of the affected limb."""
    tenderness: bool | None = None
    """Pain on touch at the lesions."""
    pain_score: int | None = Field(default=None, ge=0, le=10)
    """Worst pain of the last day on the numeric scale: 0 none, 10 the worst that can be imagined."""
    pain_vas: float | None = Field(default=None, ge=0, le=100)
    """Pain on the visual scale from 0 (none) to 100 (the worst that can be imagined)."""
    haemosiderin: bool | None = None
    """Brown staining above the ankle."""
    periosteal_reaction: bool | None = None
    """Wavy new bone along the shaft, as read on a film by a person."""
    atrophie_blanche: bool | None = None
    """White star-shaped scars about the ankle."""
    raynaud: bool | None = None
    """Fingers that blanch in the cold."""
    muscle_weakness: bool | None = None
    """Weak proximal muscles."""
    septic_shock: bool | None = None
    """Shock from infection."""
    brawny_skin: bool | None = None
    """Thick, hardened, bound-down skin."""
    violaceous_border: bool | None = None
    """Raised violet undermined edge of the ulcer."""


class Condition(CaseBlock):
    """Another disease of the patient."""

    name: str
    """For instance "diabetes mellitus"; unknown names stay as written."""
    present: bool = True
    """"no" where it was looked for and not found; a disease that is not listed is unknown."""
    since: Day | None = None
    """Day of diagnosis."""
