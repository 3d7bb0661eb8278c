"""An OpenAPI document made readable: what a page needs to say of each operation."""

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

Spec = Mapping[str, Any]
WIDTH = 76
METHODS = ("get", "post", "put", "patch", "delete")
# What stands for a value of a format or type whose schema gives no example.
STAND_INS: Mapping[str, object] = {
    "uuid": "0b8f6a1e-9f0c-4d6e-8a51-6a7d1d0b9c11",
    "date-time": "2026-11-24T12:00:00Z",
    "null": None,
    "boolean": True,
    "integer": 1,
    "number": 1.0,
    "string": "...",
}


class Field(NamedTuple):
    """A parameter, or a field of a body."""

    name: str
    type: str
    required: bool
    description: str


class Body(NamedTuple):
    """What is sent or answered: its media type, its fields, and what it looks like."""

    kind: str
    fields: tuple[Field, ...]
    example: str


class Answer(NamedTuple):
    """One answer of an operation."""

    status: str
    phrase: str
    description: str
    body: Body | None


class Operation(NamedTuple):
    """A method of a route."""

    method: str
    path: str
    tag: str
    summary: str
    description: str
    needs_key: bool
    parameters: tuple[Field, ...]
    body: Body | None
    answers: tuple[Answer, ...]

    @property
    def anchor(self) -> str:
        """The operation's address on the page."""
        return f"{self.method.lower()}{re.sub(r'[^a-z0-9_]+', '-', self.path)}".rstrip("-")

    @property
    def good(self) -> tuple[Answer, ...]:
        """The answers that are no errors."""
        return tuple(answer for answer in self.answers if answer.status < "400")

    @property
    def bad(self) -> tuple[Answer, ...]:
        """The errors, all of one shape."""
        return tuple(answer for answer in self.answers if answer.status >= "400")


class Group(NamedTuple):
    """The operations under one tag."""

    title: str
    operations: tuple[Operation, ...]


def groups(spec: Spec) -> Iterator[Group]:
    """The document's operations by their tags, both in its order."""
    listed = tuple(operations(spec))
    for tag in spec["tags"]:
        named = tuple(operation for operation in listed if operation.tag == tag["name"])
        yield Group(tag["description"].rstrip("."), named)


def operations(spec: Spec) -> Iterator[Operation]:
    """The document's operations, in its order."""
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(spec, method, path, item)


def _operation(spec: Spec, method: str, path: str, item: Spec) -> Operation:
    operation = item[method]
    parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
    statuses = sorted(status for status in operation["responses"] if status.isdecimal())
    return Operation(
        method.upper(),
        path,
        operation["tags"][0],
        operation.get("summary", ""),
        operation.get("description", ""),
        "security" in operation,
        tuple(_parameter(spec, parameter) for parameter in parameters),
        _content(spec, operation.get("requestBody", {})),
        tuple(_answer(spec, status, operation["responses"][status]) for status in statuses),
    )


def _parameter(spec: Spec, parameter: Spec) -> Field:
    return Field(
        parameter["name"],
        f"{_type(spec, parameter['schema'])} in the {parameter['in']}",
        parameter.get("required", False),
        parameter.get("description", ""),
    )


def _answer(spec: Spec, status: str, response: Spec) -> Answer:
    description = _resolve(spec, response).get("description", "")
    return Answer(status, HTTPStatus(int(status)).phrase, description, _content(spec, response))


def _content(spec: Spec, message: Spec) -> Body | None:
    for kind, media in _resolve(spec, message).get("content", {}).items():
        return _body(spec, kind, _resolve(spec, media["schema"]))
    return None


def _body(spec: Spec, kind: str, schema: Spec) -> Body:
    required = schema.get("required", ())
    fields = tuple(
        Field(name, _type(spec, field), name in required, field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    )
    return Body(kind, fields, written(_example(spec, schema)))


def _type(spec: Spec, schema: Spec) -> str:
    """The schema's type in words: `string (uuid) or null`, `list of string`, `open | closed`."""
    schema = _resolve(spec, schema)
    if "anyOf" in schema:
        return " or ".join(_type(spec, each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kinds = _kinds(schema)
    if kinds == ["array"]:
        return f"list of {_type(spec, schema['items'])}"
    words = f"{kinds[0]} ({schema['format']})" if "format" in schema else kinds[0]
    return " or ".join([words, *kinds[1:]])


def _example(spec: Spec, schema: Spec) -> object:
    """A value that the schema allows, from its own examples where it gives any."""
    schema = _resolve(spec, schema)
    if "example" in schema:
        return schema["example"]
    if "anyOf" in schema:
        return _example(spec, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = _kinds(schema)[-1]
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: _example(spec, field) for name, field in properties.items()}
    if kind == "array":
        return [_example(spec, schema["items"])]
    return STAND_INS.get(schema.get("format", ""), STAND_INS[kind])


def written(value: object, indent: str = "") -> str:
    """The value as JSON, in one line where it is short enough to be read so."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= WIDTH or not isinstance(value, dict | list):
        return line
    deeper = indent + "  "
    if isinstance(value, list):
        return _block("[", "]", indent, [written(each, deeper) for each in value])
    pairs = [f"{json.dumps(name)}: {written(each, deeper)}" for name, each in value.items()]
    return _block("{", "}", indent, pairs)


def _block(opening: str, closing: str, indent: str, lines: list[str]) -> str:
    inner = f",\n{indent}  ".join(lines)
    return f"{opening}\n{indent}  {inner}\n{indent}{closing}"


def _kinds(schema: Spec) -> list[str]:
    kinds = schema.get("type", "object")
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _resolve(spec: Spec, thing: Spec) -> Spec:
    """The thing itself, or what it refers to: `#/components/schemas/Poll`."""
    while "$ref" in thing:
        found: Any = spec
        for name in thing["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        thing = found
    return thing
