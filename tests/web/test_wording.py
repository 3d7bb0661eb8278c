"""Our own words for a poll, as far as they follow from its rules."""

from typing import Any

import pytest

from service.web import wording

QUESTION: dict[str, Any] = {
    "type": "multiple_choice",
    "required": True,
    "min_choices": 1,
    "max_choices": 3,
    "choices": ["A", "B", "C"],
}
POLL: dict[str, Any] = {"results_visibility": "always", "closes_at": None, "questions": []}


@pytest.mark.parametrize(
    ("rules", "hint"),
    [
        ({"type": "single_choice", "max_choices": 1}, "Choose one"),
        ({"max_choices": 1}, "Choose one"),
        ({}, "Choose as many as you like"),
        ({"max_choices": 2}, "Choose up to {max}"),
        ({"min_choices": 2}, "Choose {min} to {max}"),
        ({"min_choices": 3}, "Choose {min}"),
        ({"max_choices": 2, "required": False}, "Choose up to {max} (optional)"),
    ],
)
def test_each_question_says_how_many_choices_it_takes(rules: dict[str, Any], hint: str) -> None:
    document = POLL | {"questions": [QUESTION | rules]}
    assert [asked["hint"] for asked in wording.worded(document, "en")["questions"]] == [hint]


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({}, ""),
        ({"results_visibility": "after_vote"}, "Results are shown to readers who have voted."),
        ({"results_visibility": "after_close"}, "Results are shown when voting has closed."),
        (
            {"results_visibility": "after_close", "closes_at": "2026-11-24T12:00:00Z"},
            "Results are shown when voting closes on {time}.",
        ),
        ({"results_visibility": "owners"}, "Results are not published."),
    ],
)
def test_a_poll_says_why_a_reader_finds_no_results(rules: dict[str, Any], why: str) -> None:
    assert wording.worded(POLL | rules, "en")["why_hidden"] == why
