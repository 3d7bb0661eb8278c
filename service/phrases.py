"""What Voxpop says to readers, wherever in the code it is said."""

from collections.abc import Mapping


class Phrase(str):
    """A sentence for readers: English as it stands, and what it is made of, for whoever says it in
    another language.

    `Phrase("Choose at least {n}.", n=2)` is "Choose at least 2."; `make translations` finds it.
    """

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, **values: object) -> "Phrase":
        """The pattern with the values in it."""
        phrase = super().__new__(cls, pattern.format(**values))
        phrase.pattern, phrase.values = pattern, values
        return phrase
