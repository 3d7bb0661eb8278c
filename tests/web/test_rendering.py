"""What is rendered once for all readers."""

from functools import partial

from service.web.rendering import Renderings

BYTES = len(b'"xxxx"')


def test_is_made_anew_only_where_what_it_shows_has_changed() -> None:
    renderings, made = Renderings(), list[str]()

    def show(text: str) -> str:
        made.append(text)
        return text

    for text in ("one", "one", "two", "two"):
        assert renderings.get("key", (text,), partial(show, text)).body == f'"{text}"'.encode()
    assert made == ["one", "two"]
    assert len(renderings) == 1


def test_makes_room_by_dropping_the_oldest_and_no_other() -> None:
    renderings, made = Renderings(3 * BYTES), list[str]()

    def ask(key: str, version: int = 1) -> None:
        def show() -> str:
            made.append(key)
            return "xxxx"

        renderings.get(key, (version,), show)

    for key in "abc":
        ask(key)
    ask("a", version=2)  # made anew: now `b` is the oldest
    ask("d")
    made.clear()
    for key in "acd":
        ask(key, version=2 if key == "a" else 1)
    assert made == []
    ask("b")
    assert made == ["b"]
    assert len(renderings) == 3


def test_keeps_nothing_that_is_larger_than_all_room() -> None:
    renderings = Renderings(BYTES)
    assert renderings.get("key", (), lambda: "xxxxx").body == b'"xxxxx"'
    assert len(renderings) == 0
