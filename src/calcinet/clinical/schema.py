"""The JSON Schema of the case file, as an editor can use it while somebody writes one."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from calcinet.clinical.block import CaseBlock
from calcinet.clinical.case import Case
from calcinet.clinical.skin_lesion import SEVERAL_WORDS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _AsWritten(GenerateJsonSchema):
    """Yes and no may be written as words."""

    def bool_schema(self, schema: core_schema.BoolSchema) -> dict[str, Any]:  # noqa: ARG002  # the generator's call
        """Give the four ways to answer."""
        return {"enum": [True, False, "yes", "no"]}


def case_schema() -> dict[str, Any]:
    """JSON Schema of the case file, with the other words that its lists take and stages as numbers."""
    schema = Case.model_json_schema(by_alias=True, schema_generator=_AsWritten)
    blocks = {block.__name__: block for block in CaseBlock.__subclasses__()}
    for name, definition in schema["$defs"].items():
        for field, words in blocks[name].other_words.items():
            _allow(definition["properties"][field], list(words))
    _allow(schema["$defs"]["Kidney"]["properties"]["stage"], [1, 2, 3, 4, 5])
    schema["$defs"]["Laboratory"]["properties"]["value"]["type"] = ["string", "number"]
    lesion = schema["$defs"]["Lesion"]["properties"]
    lesion["count"]["anyOf"].append({"enum": sorted(SEVERAL_WORDS)})
    lesion["size_cm"]["anyOf"] += [{"type": "number"}, {"type": "string"}]
    return {"$schema": DIALECT, **schema}


def _allow(field: dict[str, Any], words: Sequence[str | int]) -> None:
    """Add words to the list that a field takes."""
    for kind in (field, *field.get("anyOf", ())):
        if "enum" in kind:
            kind["enum"] = [*kind["enum"], *words]
