"""Validation by fhir.resources: its R4B models, which read R4; the library takes a second to load, so it waits until wanted."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from core.domain.resource import Issue
from core.gateways.fhir.parsing import exact
from core.gateways.fhir.walking import placed

TOLD = 20
"""Faults that are told of one resource."""
CODES = {"missing": "required", "extra_forbidden": "structure"}
ABSTRACT = frozenset({"Resource", "DomainResource"})
NO_PLACE = frozenset({"root", "__root__"})
LONGEST = 512
"""Bytes of an element that may well be said again: a code, a unit, a reference; longer ones are validated where they stand."""
REMEMBERED = 256
"""Elements of one delivery that are known to be right; then it begins anew."""


@cache
def model_of(type_: str) -> type[BaseModel] | None:
    """Return the model of a resource type, None where FHIR R4 knows no such resource."""
    from fhir.resources.R4B import get_fhir_model_class
    from fhir.resources.R4B.resource import Resource

    try:
        found = get_fhir_model_class(type_)
    except (ValueError, LookupError, ImportError, AttributeError):
        return None
    return found if issubclass(found, Resource) and type_ not in ABSTRACT else None


class Validator:
    """Validates the resources of one delivery. What many of them say alike is validated once.

    An element that was found right is not built again in the next resource: an older one of its kind stands in for it,
    which the models take as it is. Where that is not right as a whole, the resource itself is validated and has the say.
    """

    def __init__(self) -> None:
        self._right: set[tuple[type[BaseModel], bytes]] = set()
        self._stand_ins: dict[type[BaseModel], BaseModel] = {}

    def faults(self, content: Mapping[str, Any], path: str) -> list[Issue]:
        """Validate one resource and return what is wrong with it, each with its place."""
        type_ = content.get("resourceType")
        model = model_of(type_) if isinstance(type_, str) else None
        if model is None:
            return [Issue("not-supported", "there is no such resource type in FHIR R4", f"{path}.resourceType")]
        if self._is_right(model, content):
            return []
        try:
            model.model_validate(content)
        except ValidationError as error:
            return [
                Issue(
                    CODES.get(fault["type"], "value"),
                    fault["msg"].removeprefix("Value error, "),
                    placed(path, tuple(each for each in fault["loc"] if each not in NO_PLACE)),
                )
                for fault in error.errors(include_url=False, include_input=False, include_context=False)[:TOLD]
            ]
        except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
            return [Issue("value", f"cannot be validated: {type(error).__name__}", path)]
        return []

    def _is_right(self, model: type[BaseModel], content: Mapping[str, Any]) -> bool:
        kinds = _elements(model)
        try:
            model.model_validate({
                name: self._standing_in(kinds[name], value) if name in kinds else value for name, value in content.items()
            })  # fmt: skip
        except (ValueError, TypeError, ArithmeticError, RecursionError):
            return False
        return True

    def _standing_in(self, kind: type[BaseModel], value: object) -> object:
        if isinstance(value, list):
            return [self._standing_in(kind, each) if isinstance(each, dict) else each for each in value]
        if not isinstance(value, dict):
            return value
        said = kind, exact(value)
        if said not in self._right:
            found = kind.model_validate(value)
            if len(said[1]) > LONGEST:
                return found
            if len(self._right) >= REMEMBERED:
                self._right.clear()
            # What orjson returns is held with all the room that it was given to grow: some kilobytes.
            self._right.add((kind, b"%b" % said[1]))
            self._stand_ins[kind] = found
        return self._stand_ins[kind]


@cache
def _elements(model: type[BaseModel]) -> Mapping[str, type[BaseModel]]:
    """Return the models of a resource's elements, by their names in JSON; what may be any resource is left out."""
    from fhir_core.types import FhirBase, FhirElementOrResourceBase

    return {
        field.alias or name: kind.get_model_klass()
        for name, field in model.model_fields.items()
        for kind in _kinds(field.annotation)
        if isinstance(kind, type) and issubclass(kind, FhirBase) and not issubclass(kind, FhirElementOrResourceBase)
    }


def _kinds(annotation: object) -> Iterator[object]:
    """Yield what an annotation is made of: `list[X] | None` of X and None."""
    parts = get_args(annotation)
    for part in parts:
        yield from _kinds(part)
    if not parts:
        yield annotation
