"""What forms of the owners' pages share. Their fields are drawn by templates/admin/parts/forms.html
from plain dicts: values by name, errors by name."""

from service.errors import ValidationError


def errors_of(error: ValidationError) -> dict[str, str]:
    """The first fault of each field by its name: the JSON pointer without its first slash."""
    faults: dict[str, str] = {}
    for fault in error.errors:
        faults.setdefault(fault.pointer.removeprefix("/"), fault.detail)
    return faults
