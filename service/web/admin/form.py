"""What forms of the owners' pages share. Their fields are drawn by templates/admin/parts/forms.html
from plain dicts: values by name, errors by name."""

from collections.abc import Mapping

from service.errors import ValidationError


def errors_of(error: ValidationError, words: Mapping[str, str] | None = None) -> dict[str, str]:
    """The first fault of each field by its name: the JSON pointer without its first slash; `words`
    are those of the form for rules of which the domain speaks in the API's."""
    faults: dict[str, str] = {}
    for fault in error.errors:
        detail = (words or {}).get(fault.rule, fault.detail)
        faults.setdefault(fault.pointer.removeprefix("/"), detail)
    return faults
