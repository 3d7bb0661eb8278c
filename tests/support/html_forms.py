"""Forms of our pages, filled in and sent as a browser without scripts does it."""

from collections.abc import Iterator
from html.parser import HTMLParser


class Page(HTMLParser):
    """A page's forms, each with its fields in their order; what stands in a template is none."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._templates = 0
        self._area: str | None = None
        self._text = ""
        self._select: str | None = None
        self.feed(text)

    def form(self, button: str) -> "Form":
        """The form that has this button: its value, or its words where it has none."""
        return next(form for form in self.forms if button in form.buttons)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._templates += 1
        elif tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
        elif self._form and not self._templates:
            self._control(self._form, tag, attributes)

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._templates -= 1
        elif tag == "form":
            self._form = None
        elif tag == "textarea" and self._form and self._area:
            self._form.add(self._area, self._text.removeprefix("\n"))
            self._area = None
        elif tag == "select":
            self._select = None

    def _control(self, form: "Form", tag: str, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        if tag == "button":
            if "disabled" not in attributes:
                form.buttons[attributes.get("value", "")] = name
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in attributes and self._select:
            form.add(self._select, attributes["value"])
        elif tag == "input" and name and _is_sent(attributes):
            form.add(name, attributes.get("value", "on"))


class Form:
    """What a form would send: several values under one name stay in their order."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.action = attributes.get("action", "")
        self.buttons: dict[str, str] = {}
        self.fields: dict[str, list[str]] = {}

    def add(self, name: str, value: str) -> None:
        """One more value."""
        self.fields.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        return self.fields[name][0]

    def fill(self, **values: str | None) -> "Form":
        """Write into fields; `__` stands for `-`, and None takes a tick away."""
        for name, value in values.items():
            field = name.replace("__", "-")
            if value is None:
                self.fields.pop(field, None)
            else:
                self.fields[field] = [value]
        return self

    def press(self, button: str) -> dict[str, list[str]]:
        """What is sent when the button is pressed. It must be there."""
        return {**self.fields, self.buttons[button]: [button]}

    def codes(self, question: str) -> list[str]:
        """The codes of the question's choices, in their order."""
        return self.fields.get(f"{question}-choice", [])

    def texts(self, question: str) -> list[str]:
        """The question's choices, in their order."""
        return [self[f"{question}-{code}-text"] for code in self.codes(question)]

    def names(self) -> Iterator[str]:
        """All fields."""
        return iter(self.fields)


def _is_sent(attributes: dict[str, str]) -> bool:
    if attributes.get("type") in ("radio", "checkbox"):
        return "checked" in attributes
    return attributes.get("type") != "submit" and "disabled" not in attributes
