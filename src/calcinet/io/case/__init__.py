"""The patient's case: YAML, JSON and FHIR bundles."""
