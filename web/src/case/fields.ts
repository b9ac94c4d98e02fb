/** The case form as data: every field with its place in the case file. Choices are the file's own words. */

export interface Field {
  /** Place in the case, or in one entry of a list. */
  at: string;
  label: string;
  kind: "whole" | "number" | "text" | "choice" | "yesno" | "day" | "several";
  choices?: readonly string[];
  unit?: string;
  least?: number;
  most?: number;
  /** What stands in an empty field. */
  hint?: string;
}

export interface List {
  at: string;
  label: string;
  one: string;
  fields: readonly Field[];
  /** A new entry. */
  fresh: Record<string, unknown>;
  /** One line each. */
  compact?: boolean;
}

export const SITES = [
  ...["head", "neck", "trunk", "chest", "breast", "abdomen", "back", "buttock", "groin", "penis", "vulva"],
  ...["arm", "upper arm", "forearm", "hand", "finger", "leg", "thigh", "knee", "lower leg", "ankle", "foot", "toe"],
] as const;

const SIDES = ["L", "R", "B"] as const;
const LESIONS = [
  ...["rash", "papule", "induration", "plaque", "haemorrhagic plaque", "nodule", "cellulitis-like erythema"],
  ...["reticular erythema", "livedo", "purpura", "retiform purpura", "ulcer", "eschar", "gangrene"],
] as const;
const ROUTES = ["oral", "subcutaneous", "intravenous", "intraperitoneal", "intramuscular", "topical"] as const;

/** What is asked first: with the lesions, drugs, results and images below, ten fields. */
export const FIRST: readonly Field[] = [
  { at: "patient.age_years", label: "Age", kind: "whole", unit: "years", least: 0, most: 120 },
  { at: "patient.sex", label: "Sex", kind: "choice", choices: ["female", "male", "other"] },
  {
    at: "kidney.dialysis.0.kind",
    label: "Dialysis",
    kind: "choice",
    choices: ["peritoneal", "haemodialysis", "haemodiafiltration"],
  },
  { at: "kidney.dialysis.0.years", label: "On dialysis for", kind: "number", unit: "years", least: 0, most: 60 },
  {
    at: "examination.peripheral_pulses",
    label: "Peripheral pulses",
    kind: "choice",
    choices: ["present", "reduced", "absent"],
  },
];

export const PATIENT: readonly Field[] = [
  { at: "examined_on", label: "Examined on", kind: "day" },
  { at: "patient.height_cm", label: "Height", kind: "number", unit: "cm", least: 30, most: 250 },
  { at: "kidney.stage", label: "Kidney disease, stage", kind: "choice", choices: ["normal", "1", "2", "3", "4", "5", "5D"] },
  { at: "kidney.egfr_ml_min", label: "GFR", kind: "number", unit: "mL/min", least: 0, most: 250 },
  { at: "kidney.cause", label: "Kidney disease, cause", kind: "text", hint: "IgA nephropathy" },
  { at: "kidney.transplant", label: "Kidney transplanted", kind: "yesno" },
  { at: "kidney.dialysis.0.start", label: "First day of dialysis", kind: "day" },
  {
    at: "kidney.dialysis.0.dialysate_calcium_mmol_l",
    label: "Calcium of the dialysis fluid",
    kind: "number",
    unit: "mmol/L",
    least: 0,
    most: 3,
  },
];

export const EXAMINATION: readonly Field[] = [
  { at: "examination.temperature_c", label: "Temperature", kind: "number", unit: "°C", least: 25, most: 45 },
  { at: "examination.pain_score", label: "Worst pain of the last day", kind: "whole", unit: "0–10", least: 0, most: 10 },
  { at: "examination.infection_suspected", label: "Infection suspected", kind: "yesno" },
  { at: "examination.septic_shock", label: "Septic shock", kind: "yesno" },
  { at: "examination.recurrent_hypotension", label: "Repeated low blood pressure", kind: "yesno" },
  { at: "examination.rapid_weight_loss", label: "Rapid weight loss", kind: "yesno" },
  { at: "examination.trauma", label: "Injury at the site before", kind: "yesno" },
  {
    at: "examination.subcutaneous_injections_per_day",
    label: "Injections under the skin",
    kind: "number",
    unit: "a day",
    least: 0,
    most: 20,
  },
  { at: "examination.ankle_brachial_index", label: "Ankle-brachial index, lowest", kind: "number", least: 0, most: 3 },
  { at: "examination.claudication", label: "Claudication", kind: "yesno" },
  { at: "examination.venous_disease", label: "Chronic venous disease", kind: "yesno" },
  { at: "examination.ceap", label: "CEAP class", kind: "choice", choices: ["C0", "C1", "C2", "C3", "C4", "C5", "C6"] },
  { at: "examination.oedema", label: "Oedema", kind: "yesno" },
  { at: "examination.tenderness", label: "Tender lesions", kind: "yesno" },
  { at: "examination.haemosiderin", label: "Brown staining above the ankle", kind: "yesno" },
  { at: "examination.atrophie_blanche", label: "Atrophie blanche", kind: "yesno" },
  { at: "examination.periosteal_reaction", label: "Wavy new bone along the shaft (film)", kind: "yesno" },
  { at: "examination.raynaud", label: "Raynaud's phenomenon", kind: "yesno" },
  { at: "examination.muscle_weakness", label: "Weak proximal muscles", kind: "yesno" },
  { at: "examination.brawny_skin", label: "Thick, hardened skin", kind: "yesno" },
  { at: "examination.violaceous_border", label: "Violet undermined edge of the ulcer", kind: "yesno" },
];

/** Diseases that are asked by name; others are typed. */
export const DISEASES = [
  ...["diabetes mellitus", "hypertension", "atrial fibrillation", "ischaemic heart disease"],
] as const;

export const LESION: List = {
  at: "lesions",
  label: "Lesions",
  one: "Lesion",
  fresh: { site: "lower leg", kind: "ulcer" },
  fields: [
    { at: "site", label: "Site", kind: "choice", choices: SITES },
    { at: "side", label: "Side", kind: "choice", choices: SIDES },
    { at: "kind", label: "What it is now", kind: "choice", choices: LESIONS },
    { at: "painful", label: "Painful", kind: "yesno" },
    { at: "necrotic", label: "Necrotic", kind: "yesno" },
    { at: "purpura_around", label: "Painful purpura around it", kind: "yesno" },
    { at: "refractory", label: "Does not heal under usual treatment", kind: "yesno" },
  ],
};

/** The rest of a lesion, on demand. */
export const LESION_MORE: readonly Field[] = [
  { at: "aspect", label: "Aspect", kind: "choice", choices: ["inner", "outer", "front", "back", "tip"] },
  { at: "digit", label: "Digit", kind: "choice", choices: ["thumb", "index", "middle", "ring", "little", "big", "second", "third", "fourth"] },
  { at: "began_as", label: "Began as", kind: "choice", choices: LESIONS },
  { at: "changed_within", label: "Changed within", kind: "choice", choices: ["hours", "days", "weeks", "months"] },
  { at: "count", label: "How many on each side", kind: "text", hint: "3, multiple" },
  { at: "size_cm", label: "Size of the largest", kind: "text", unit: "cm", hint: "12 x 8" },
  { at: "large", label: "Called large", kind: "yesno" },
  {
    at: "colour",
    label: "Colour",
    kind: "choice",
    choices: ["black", "purple", "red", "blue", "brown", "yellow", "white", "grey", "skin-coloured"],
  },
  { at: "tender", label: "Tender", kind: "yesno" },
  { at: "injection_site", label: "At an injection site", kind: "yesno" },
  { at: "since", label: "First seen", kind: "day" },
  { at: "seen_on", label: "Described on", kind: "day" },
];

export const DRUG: List = {
  at: "drugs",
  label: "Drugs",
  one: "Drug",
  compact: true,
  fresh: { name: "" },
  fields: [
    { at: "name", label: "As on the chart", kind: "text", hint: "warfarin 3 mg od" },
    { at: "status", label: "Now", kind: "choice", choices: ["taking", "stopped", "planned"] },
  ],
};

export const DRUG_MORE: readonly Field[] = [
  { at: "months", label: "Taken for", kind: "number", unit: "months", least: 0, most: 1200 },
  { at: "start", label: "First day", kind: "day" },
  { at: "stop", label: "Last day", kind: "day" },
  { at: "daily_dose", label: "Dose a day", kind: "text", hint: "0.25 ug" },
  { at: "high_dose", label: "Called a high dose", kind: "yesno" },
  { at: "route", label: "Route", kind: "choice", choices: ROUTES },
];

export const RESULT: List = {
  at: "labs",
  label: "Laboratory",
  one: "Result",
  compact: true,
  fresh: { name: "", value: "" },
  fields: [
    { at: "name", label: "What", kind: "text", hint: "phosphate" },
    { at: "value", label: "As printed, with its unit", kind: "text", hint: "5.9 mg/dL" },
  ],
};

export const RESULT_MORE: readonly Field[] = [
  { at: "low", label: "Lower limit", kind: "number" },
  { at: "high", label: "Upper limit", kind: "number" },
  { at: "flag", label: "Flag", kind: "choice", choices: ["H", "L", "N"] },
  { at: "on", label: "Day", kind: "day" },
  { at: "unit_confirmed", label: "Unit, checked with the laboratory", kind: "text" },
  { at: "value_confirmed", label: "Value, checked with the laboratory", kind: "text" },
];

export const IMAGING: List = {
  at: "imaging",
  label: "Images as somebody read them",
  one: "Image",
  fresh: { modality: "film", site: "lower leg" },
  fields: [
    {
      at: "modality",
      label: "What",
      kind: "choice",
      choices: ["film", "CT", "mammogram", "bone scan", "ultrasound", "MRI"],
    },
    { at: "site", label: "Site", kind: "choice", choices: [...SITES, "pelvis"] },
    { at: "side", label: "Side", kind: "choice", choices: SIDES },
    { at: "net_like", label: "Net-like calcification", kind: "yesno" },
    { at: "vessels", label: "Calcified vessels", kind: "several", choices: ["large", "medium", "small", "arteriole"] },
  ],
};

export const IMAGING_MORE: readonly Field[] = [
  { at: "contrast", label: "With contrast agent", kind: "yesno" },
  { at: "vessel_calcium", label: "Calcium of vessels, calibre not named", kind: "yesno" },
  { at: "soft_tissue_calcium", label: "Other soft-tissue calcium", kind: "yesno" },
  { at: "extent", label: "Extent", kind: "choice", choices: ["little", "moderate", "extensive"] },
  { at: "uptake", label: "Bone scan: uptake of soft tissue", kind: "yesno" },
  { at: "malignancy_suspected", label: "Mammogram: suspicious for cancer", kind: "yesno" },
  { at: "quality", label: "Quality", kind: "choice", choices: ["good", "limited", "poor"] },
  { at: "on", label: "Day", kind: "day" },
];

/** Lists of the rest, all on demand. */
export const REST: readonly List[] = [
  {
    at: "films",
    label: "Which film shows what, where its file does not say",
    one: "Film",
    fresh: { file: "" },
    fields: [
      { at: "file", label: "Name of the file", kind: "text", hint: "left shin.jpg" },
      { at: "site", label: "Site", kind: "choice", choices: [...SITES, "pelvis"] },
      { at: "side", label: "Side", kind: "choice", choices: SIDES },
      { at: "view", label: "View", kind: "choice", choices: ["AP", "PA", "lateral", "oblique", "axial", "CC", "MLO"] },
      { at: "on", label: "Day", kind: "day" },
      { at: "checked", label: "The film itself was looked at again", kind: "yesno" },
    ],
  },
  {
    at: "patient.weights",
    label: "Body weights",
    one: "Weight",
    fresh: {},
    fields: [
      { at: "kg", label: "Weight", kind: "number", unit: "kg", least: 1, most: 400 },
      { at: "on", label: "Day", kind: "day" },
    ],
  },
  {
    at: "conditions",
    label: "Other diseases",
    one: "Disease",
    fresh: { name: "" },
    fields: [
      { at: "name", label: "Disease", kind: "text", hint: "hyperlipidaemia" },
      { at: "present", label: "Present", kind: "yesno" },
      { at: "since", label: "Since", kind: "day" },
    ],
  },
  {
    at: "pathology",
    label: "Biopsies",
    one: "Biopsy",
    fresh: { status: "done" },
    fields: [
      { at: "status", label: "Whether", kind: "choice", choices: ["done", "declined", "planned", "not advised"] },
      { at: "site", label: "Site", kind: "choice", choices: SITES },
      {
        at: "kind",
        label: "Kind",
        kind: "choice",
        choices: ["deep incisional", "incisional", "excision", "punch", "telescoping punch", "shave", "amputation"],
      },
      { at: "result", label: "Result", kind: "choice", choices: ["positive", "negative", "indeterminate"] },
      { at: "necrosis_or_ulcer", label: "Necrosis or ulcer", kind: "yesno" },
      { at: "vessels_calcified", label: "Small arteries calcified", kind: "yesno" },
      { at: "intima_narrowed", label: "Intima thickened, lumen narrowed", kind: "yesno" },
      { at: "vessels_thrombosed", label: "Small vessels thrombosed", kind: "yesno" },
      { at: "fine_calcium", label: "Fine, stippled calcium", kind: "yesno" },
      { at: "on", label: "Day", kind: "day" },
      { at: "reason", label: "Why not (no name)", kind: "text" },
    ],
  },
  {
    at: "treatments",
    label: "Treatments",
    one: "Treatment",
    fresh: { name: "sodium thiosulphate" },
    fields: [
      {
        at: "name",
        label: "What",
        kind: "choice",
        choices: [
          ...["sodium thiosulphate", "drug stopped", "drug changed", "dialysis changed", "wound care", "pain control"],
          ...["antibiotics", "debridement", "amputation", "parathyroidectomy", "hyperbaric oxygen", "vitamin K"],
          ...["palliative care", "other"],
        ],
      },
      { at: "status", label: "Whether", kind: "choice", choices: ["given", "refused", "planned", "stopped"] },
      { at: "drug", label: "Which drug", kind: "text" },
      { at: "route", label: "Route", kind: "choice", choices: ["intravenous", "intraperitoneal", "intralesional", "oral", "topical"] },
      { at: "dose", label: "Dose", kind: "text", hint: "25 g three times a week" },
      { at: "start", label: "First day", kind: "day" },
      { at: "stop", label: "Last day", kind: "day" },
    ],
  },
  {
    at: "procedures",
    label: "Earlier procedures",
    one: "Procedure",
    fresh: { name: "gadolinium" },
    fields: [
      {
        at: "name",
        label: "What",
        kind: "choice",
        choices: ["gadolinium", "vascular procedure", "surgery", "transfusion", "burn"],
      },
      { at: "on", label: "Day", kind: "day" },
    ],
  },
];

/** How it went, and what the clinician takes it for. */
export const COURSE: readonly Field[] = [
  { at: "clinician_impression", label: "What you take it for (no name)", kind: "text" },
  {
    at: "outcome.state",
    label: "Outcome",
    kind: "choice",
    choices: ["healed", "improving", "unchanged", "worse", "died"],
  },
  { at: "outcome.cause", label: "Cause of death", kind: "text" },
  { at: "outcome.on", label: "Day", kind: "day" },
];

/** Word of a case file -> how it is said where the word alone is none. */
export const SPOKEN: Record<string, string> = { L: "left", R: "right", B: "both sides", H: "high", N: "normal" };

/** Diseases that look alike, by the names of the case file. */
export const MIMICS = [
  ...["diabetic gangrene", "heparin-induced necrosis", "warfarin necrosis", "systemic sclerosis"],
  ...["nephrogenic systemic fibrosis", "cholesterol emboli", "cellulitis", "cryoglobulinaemia", "hydroxyurea ulcer"],
  ...["antiphospholipid syndrome", "low-temperature burn", "necrotising fasciitis", "varicose ulcer", "vasculitis"],
  ...["arterial disease", "neuropathic ulcer", "traumatic ulcer", "diabetic ulcer", "thromboangiitis obliterans"],
  ...["pyoderma gangrenosum", "hypertensive ischaemic ulcer", "livedoid vasculopathy", "oxalate vasculopathy"],
  ...["purpura fulminans", "AL amyloidosis", "nicorandil ulcer", "breast carcinoma", "penile carcinoma"],
  ...["penile infection", "skin carcinoma", "sepsis", "vascular calcification", "tumoral calcinosis"],
  ...["calcinosis of dermatomyositis"],
] as const;
