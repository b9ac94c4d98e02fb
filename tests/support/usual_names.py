"""Names of drugs, diseases and laboratory results as wards write them, with what each means.

Drawn up before the tables were looked at: charts, discharge letters and requests of renal wards in the United Kingdom,
the United States, Hong Kong, Germany, France and Japan. One a line: as written | the table's name.
"""

DRUGS = """
warfarin 3 mg od | warfarin
Warfarin sodium | warfarin
Warfarin 3mg | warfarin
warfarin (Coumadin) | warfarin
Coumadin 5 mg tab | warfarin
Jantoven | warfarin
Marevan 1mg | warfarin
T. Warfarin 2.5mg nocte | warfarin
Warfarin Tablets BP 1 mg | warfarin
warfarin as per INR | warfarin
華法林 | warfarin
华法林钠片 | warfarin
ワルファリン | warfarin
Coumadine 2 mg | warfarin
Marcumar 3 mg | phenprocoumon
Phenprocoumon-ratiopharm | phenprocoumon
Marcoumar | phenprocoumon
Sintrom Mitis | acenocoumarol
acenocoumarol 1 mg | acenocoumarol
Previscan 20 mg | fluindione
Apixaban 2.5 mg BD | apixaban
Eliquis 5mg bid | apixaban
Xarelto 15 mg | rivaroxaban
Lixiana 30mg od | edoxaban
Pradaxa 110 mg | dabigatran
Tinzaparin 3500u | tinzaparin
Innohep 4500 IU via circuit | tinzaparin
Enoxaparin 40mg s.c. od | enoxaparin
Clexane 20 mg pre-HD | enoxaparin
enoxaparin sodium 60 mg/0.6 ml | enoxaparin
Dalteparin 2500 units IV with HD | dalteparin
Fraxiparin | nadroparin
Heparin 5000 units s.c. bd | heparin
heparin sodium 1000 U/mL | heparin
UFH infusion | heparin
Aspirin 75 mg od | aspirin
ASA 81 | aspirin
Cardiprin 100 mg | aspirin
阿士匹靈 | aspirin
Clopidogrel bisulfate 75 mg | clopidogrel
Calcitriol 0.25 mcg | calcitriol
calcitriol 1 mcg daily | calcitriol
Rocaltrol 0.25 micrograms alt days | calcitriol
骨化三醇 | calcitriol
One-Alpha 0.5 mcg 3x/week | alfacalcidol
Alfacalcidol 250 nanograms daily | alfacalcidol
1-alpha 0.25 mcg | alfacalcidol
Etalpha | alfacalcidol
Bondiol | alfacalcidol
Zemplar 5 mcg IV post HD | paricalcitol
Oxarol 10 ug | maxacalcitol
maxacalcitol | maxacalcitol
Colecalciferol 800 IU daily | colecalciferol
Vitamin D3 20000 IU weekly | colecalciferol
Dekristol 20.000 | colecalciferol
Fultium-D3 | colecalciferol
Vigantol | colecalciferol
Ergocalciferol 50,000 units | ergocalciferol
calcium acetate 667 mg 2 tabs TID | calcium acetate
PhosLo 667 mg w/ meals | calcium acetate
Renacet 950 mg | calcium acetate
calcium carbonate 500 mg | calcium carbonate
CaCO3 1.25 g tds with meals | calcium carbonate
Calcichew 500 mg tds | calcium carbonate
Caltrate | calcium carbonate
Titralac | calcium carbonate
碳酸鈣 | calcium carbonate
Adcal-D3 | calcium carbonate + colecalciferol
Osvaren | calcium acetate + magnesium carbonate
calcium citrate | calcium citrate
Sevelamer 800 mg 2 tds | sevelamer
Renagel 800mg tab | sevelamer
Sevelamer HCl 800 mg TID | sevelamer
Renvela 2.4 g sachet | sevelamer
Lanthanum 750 mg TDS chewable | lanthanum
Fosrenol | lanthanum
Velphoro 500 mg | sucroferric oxyhydroxide
ferric citrate | ferric citrate
Tenapanor 30 mg bid | tenapanor
Alu-Cap 475 mg | aluminium hydroxide
Cinacalcet 30 mg od | cinacalcet
cinacalcet hydrochloride 60mg | cinacalcet
Mimpara 30 mg | cinacalcet
Regpara | cinacalcet
Parsabiv 5 mg IV 3x/week | etelcalcetide
Orkedia | evocalcet
upacicalcet | upacicalcet
Natriumthiosulfat | sodium thiosulphate
sodium thiosulphate pentahydrate 25 g IV post HD | sodium thiosulphate
STS 12.5 g tiw | sodium thiosulphate
Vitamin K1 10 mg iv | phytomenadione
Menaquinone-7 | menaquinone
Prolia 60 mg s.c. q6m | denosumab
Forsteo | teriparatide
EPO | epoetin
Epoetin alfa 4000 IU s.c. 3x/wk | epoetin
NeoRecormon 4000 IU | epoetin
Eprex 4000 units IV tiw | epoetin
Aranesp 30 mcg weekly | darbepoetin
darbepoetin alfa 40 mcg i.v. | darbepoetin
Mircera 100 mcg monthly | methoxy polyethylene glycol-epoetin beta
Venofer 100 mg IV weekly | iron sucrose
Monofer 500 mg | ferric derisomaltose
Ferinject 1 g | ferric carboxymaltose
Ferrous sulphate 200 mg tds | ferrous sulphate
Lantus 20 units nocte | insulin glargine
Insulin glargine 18U ON | insulin glargine
NovoMix 30 FlexPen 20/16 units | insulin aspart
Humulin N | insulin isophane
Insulatard 14 u om | insulin isophane
Mixtard 30 | insulin
Apidra | insulin glulisine
Actrapid sliding scale | insulin
Ozempic 0.5 mg weekly | semaglutide
Trulicity 1.5 mg | dulaglutide
Gliclazide MR 60 mg od | gliclazide
glibenclamide 5 mg | glibenclamide
Linagliptin 5mg | linagliptin
prednisolone 10 mg od | prednisolone
Prednisolon 5 mg 1-0-0 | prednisolone
Decortin H 20 mg | prednisolone
Solu-Medrol 500 mg IV | methylprednisolone
tacrolimus 1mg bd | tacrolimus
Prograf 0.5 mg | tacrolimus
Sandimmun Neoral 100 mg | ciclosporin
CellCept 500mg bid | mycophenolate
azathioprine 50 mg | azathioprine
Hydrea 500 mg | hydroxyurea
Litalir | hydroxyurea
Nicorandil 10 mg bd | nicorandil
Ikorel 20 mg | nicorandil
amlodipine besylate 10 mg PO QD | amlodipine
Norvasc 5 mg | amlodipine
felodipine 5 mg | felodipine
valsartan 80 mg | valsartan
losartan potassium 50 mg | losartan
prazosin 1 mg bd | prazosin
Bisoprolol 2.5mg od | bisoprolol
Metoprolol tartrate 25 mg BID | metoprolol
Furosemide 250 mg bd | furosemide
Lasix 40 mg | furosemide
Atorvastatin 40mg nocte | atorvastatin
Lipitor 20 mg | atorvastatin
lansoprazole 30 mg od | lansoprazole
Pantoprazole 40 mg 1-0-0 | pantoprazole
Nexium 40mg | esomeprazole
Sodium bicarbonate 500 mg tid | sodium bicarbonate
Calcium Resonium 15 g | calcium polystyrene sulphonate
paracetamol 1 g qds prn | paracetamol
Panadol 500 mg | paracetamol
morphine sulphate 10 mg/5 ml | morphine
MST 10 mg bd | morphine
codeine phosphate 30 mg qds | codeine
Oxycodone 5 mg prn | oxycodone
Fentanyl patch 12 mcg/h | fentanyl
tramadol hydrochloride 50 mg | tramadol
gabapentin 100 mg post HD | gabapentin
Pregabalin 25 mg nocte | pregabalin
Vancomycin 1 g IV | vancomycin
Tazocin 4.5 g tds | piperacillin + tazobactam
Augmentin 625 mg bd | amoxicillin + clavulanic acid
Meropenem 500 mg IV od | meropenem
"""
"""At least 150 drugs."""

CONDITIONS = """
type II diabetes | diabetes mellitus
T2DM | diabetes mellitus
NIDDM | diabetes mellitus
DM2 | diabetes mellitus
Diabetes Type 2 | diabetes mellitus
DM on insulin | diabetes mellitus
diabetic nephropathy | diabetic kidney disease
AFib | atrial fibrillation
A-fib | atrial fibrillation
atrial fib | atrial fibrillation
AF (paroxysmal) | atrial fibrillation
paroxysmal atrial fibrillation | atrial fibrillation
PAF | atrial fibrillation
mechanical heart valve | mechanical heart valve
mechanical MVR | mechanical heart valve
metallic aortic valve replacement | mechanical heart valve
aortic stenosis | heart valve disease
ESRD | end-stage kidney disease
ESRF on HD | end-stage kidney disease
CKD 5D | end-stage kidney disease
HIT | heparin-induced thrombocytopenia
HIT type II | heparin-induced thrombocytopenia
s/p CABG | ischaemic heart disease
CAD s/p PCI | ischaemic heart disease
IHD | ischaemic heart disease
previous NSTEMI | ischaemic heart disease
HFrEF | heart failure
HTN | hypertension
Essential hypertension | hypertension
hyperlipidemia | hyperlipidaemia
PVD | peripheral arterial disease
PAOD | peripheral arterial disease
CVI | venous insufficiency
post-thrombotic syndrome | venous insufficiency
DVT left leg | venous thrombosis
old CVA | stroke
liver cirrhosis | liver disease
NASH | liver disease
SLE | systemic lupus erythematosus
lupus nephritis | lupus nephritis
APLS | antiphospholipid syndrome
GPA | granulomatosis with polyangiitis
AL amyloidosis | AL amyloidosis
multiple myeloma | multiple myeloma
MGUS | monoclonal gammopathy
Ca breast | breast cancer
penile carcinoma | penile carcinoma
SCC skin | skin carcinoma
pyoderma gangrenosum | pyoderma gangrenosum
secondary hyperparathyroidism | secondary hyperparathyroidism
s/p parathyroidectomy | parathyroidectomy
morbid obesity | obesity
renal transplant 2015 | kidney transplant
IgAN | IgA nephropathy
FSGS | focal segmental glomerulosclerosis
ADPKD | polycystic kidney disease
Alzheimer's dementia | dementia
BKA right | amputation
COPD | chronic obstructive pulmonary disease
gout | gout
Crohn's disease | inflammatory bowel disease
RA | rheumatoid arthritis
gastric bypass | bariatric surgery
HCV+ | hepatitis C
糖尿病 | diabetes mellitus
心房顫動 | atrial fibrillation
"""
"""At least 60 diseases."""

LABS = """
WCC | white_cells
WBC count | white_cells
Leukozyten | white_cells
hs-CRP | crp
hsCRP | crp
C reactive protein (CRP) | crp
Phos | phosphate
PO4 | phosphate
Phosphat | phosphate
Serum phosphorus | phosphate
HCO3 | bicarbonate
HCO3- | bicarbonate
bicarb | bicarbonate
total CO2 | bicarbonate
urea | urea
Serum urea | urea
BUN | urea_nitrogen
blood urea nitrogen | urea_nitrogen
Kt/V | kt_v
spKt/V | kt_v
URR | urea_reduction
lactate | lactate
lactic acid | lactate
procalcitonin | procalcitonin
PCT | procalcitonin
complement C3 | complement_c3
C4 | complement_c4
aluminium | aluminium
serum aluminum | aluminium
Mg | magnesium
HbA1c | hba1c
A1c | hba1c
iPTH | pth
PTH (intact) | pth
intact PTH | pth
Ca (adj) | adjusted_calcium
corrected Ca | adjusted_calcium
Calcium (adjusted) | adjusted_calcium
cCa | adjusted_calcium
Calcium korrigiert | adjusted_calcium
Adj. calcium | adjusted_calcium
iCa | ionised_calcium
Ca++ | ionised_calcium
Total Ca | calcium
Hgb | haemoglobin
Hb | haemoglobin
Plts | platelets
Thrombozyten | platelets
ALP | alkaline_phosphatase
Alk phos | alkaline_phosphatase
AP | alkaline_phosphatase
K+ | potassium
Na | sodium
bilirubin | bilirubin
ALT | alanine_aminotransferase
SGPT | alanine_aminotransferase
GGT | gamma_glutamyltransferase
LDH | lactate_dehydrogenase
Quick | prothrombin_quick
INR (warfarin) | inr
APTT | aptt
D-dimer | d_dimer
fibrinogen | fibrinogen
TSAT | transferrin_saturation
Ferritin (serum) | ferritin
25-OH vitamin D | vitamin_d
25(OH) vit D3 | vitamin_d
anti-dsDNA | anti_dsdna
ACL IgG | anticardiolipin
homocysteine | homocysteine
troponin | troponin
Hs-TnT | troponin
tTG | tissue_transglutaminase
SPEP | protein_electrophoresis
free light chains | free_light_chains
eGFR | egfr
uric acid | uric_acid
pre-albumin | prealbumin
BSL | glucose
BNP | natriuretic_peptide
"""
"""At least 60 laboratory names; expected is the key."""


def pairs(listed: str) -> list[tuple[str, str]]:
    """As written and what it means, of one list."""
    found = []
    for line in listed.strip().splitlines():
        written, meant = line.split(" | ")
        found.append((written, meant))
    return found
