"""A poll's definition with our own words in it: what the widget says around the poll."""

from collections.abc import Mapping
from typing import Any

from service.records import QuestionType, ResultsVisibility
from service.web import words

HIDDEN = {
    ResultsVisibility.ALWAYS: "",
    ResultsVisibility.AFTER_VOTE: "hiddenTillVote",
    ResultsVisibility.AFTER_CLOSE: "hiddenTillClose",
    ResultsVisibility.OWNERS: "hidden",
}


def worded(document: dict[str, Any], locale: str) -> dict[str, Any]:
    """The definition with the texts of one of our languages; those that follow from the poll's own
    rules are picked for it, so that no client needs to know which goes with which rule.

    What is put into their braces, `min`, `max` and `time`, is for the client to write as its
    reader does.
    """
    texts = words.of_widget(locale)
    questions = [asked | {"hint": _hint(asked, texts)} for asked in document["questions"]]
    why_hidden = texts.get(_hidden(document), "")
    return document | {"texts": texts, "questions": questions, "why_hidden": why_hidden}


def _hint(question: Mapping[str, Any], texts: words.Texts) -> str:
    """How many choices a question takes."""
    said = str(texts[_choose(question)])
    return said if question["required"] else str(texts["optional"]).replace("{hint}", said)


def _choose(question: Mapping[str, Any]) -> str:
    least, most = question["min_choices"], question["max_choices"]
    if question["type"] == QuestionType.SINGLE_CHOICE or most == 1:
        return "chooseOne"
    if least == most:
        return "chooseExactly"
    if least > 1:
        return "chooseBetween"
    return "chooseUpTo" if most < len(question["choices"]) else "chooseAny"


def _hidden(document: Mapping[str, Any]) -> str:
    """The key of what is said where the results are not shown."""
    rule = ResultsVisibility(document["results_visibility"])
    if rule is ResultsVisibility.AFTER_CLOSE and document["closes_at"]:
        return "hiddenTillTime"
    return HIDDEN[rule]
