"""A poll's texts in other languages, over the API for programs."""

from typing import Any

import pytest

from service.stores import Stores
from tests.support.programs import Program
from tests.support.voters import Api, ballot
from tests.web.test_errors import assert_problem

pytestmark = pytest.mark.both_databases

FRENCH_TEA = {"text": "Thé", "image_alt": "Une tasse"}
POLL: dict[str, Any] = {
    "title": "Drinks",
    "status": "open",
    "thank_you": "Thanks.",
    "translations": {"zh-Hant": {"title": "飲料"}, "fr": {"thank_you": "Merci.\nÀ demain."}},
    "questions": [
        {
            "text": "Tea?",
            "help": "Or coffee.",
            "translations": {"fr": {"text": "Du thé ?", "help": "Ou du café."}},
            "choices": [
                {
                    "text": "Tea",
                    "image_url": "https://pictures.test/tea.png",
                    "image_alt": "A cup",
                    "translations": {"zh-Hant": {"text": "茶"}, "fr": FRENCH_TEA},
                },
                {"text": "Coffee"},
            ],
        }
    ],
}
PATH = "/v1/polls/tea/definition"


def of_choice(document: Any) -> Any:
    return document["questions"][0]["choices"][0]["translations"]


def test_translations_come_back_as_they_were_sent(program: Program) -> None:
    made = program.post("/v1/polls", POLL)
    assert made.status_code == 201
    assert made.json["translations"] == POLL["translations"]
    assert made.json["questions"][0]["translations"] == POLL["questions"][0]["translations"]
    assert of_choice(made.json) == of_choice(POLL)
    assert made.json["questions"][0]["choices"][1]["translations"] == {}
    read = program.get(PATH)
    assert (read.data, read.headers["ETag"]) == (made.data, made.headers["ETag"])
    sent = program.put(PATH, read.json, If_Match=read.headers["ETag"])
    assert sent.headers["ETag"] == read.headers["ETag"]


def test_a_duplicate_is_in_all_languages_too(program: Program) -> None:
    made = program.post("/v1/polls", POLL)
    copy = program.post("/v1/polls/tea/duplicate")
    assert copy.json["translations"] == POLL["translations"]
    assert copy.json["questions"] == made.json["questions"]


def test_an_edit_without_translations_takes_them_away(program: Program) -> None:
    read = program.post("/v1/polls", POLL).json
    del read["translations"]
    edited = program.put(PATH, read, If_Match="*").json
    assert edited["translations"] == {}
    assert of_choice(edited) == of_choice(POLL)


def test_another_status_leaves_translations_alone(program: Program) -> None:
    made = program.post("/v1/polls", POLL).json
    closed = program.post("/v1/polls/tea/status", {"status": "closed"}).json
    assert closed == {**made, "status": "closed"}


def test_null_and_nothing_are_no_translation(program: Program) -> None:
    given = {"translations": {"fr": {"title": None}, "de": {"title": " "}, "es": {}}}
    assert program.post("/v1/polls", {**POLL, **given}).json["translations"] == {}


@pytest.mark.parametrize(
    ("translations", "pointer"),
    [
        ([], "/translations"),
        ({"fr": "Thé"}, "/translations/fr"),
        ({"fr": {"text": "Thé"}}, "/translations/fr/text"),
        ({"fr": {"title": 5}}, "/translations/fr/title"),
        ({"fr": {"title": "x" * 301}}, "/translations/fr/title"),
        ({"klingon": {"title": "X"}}, "/translations/klingon"),
        ({"x" * 36: {"title": "X"}}, f"/translations/{'x' * 36}"),
        ({"en": {"title": "X"}}, "/translations/en"),
    ],
)
def test_a_wrong_translation_is_pointed_at(
    program: Program, translations: Any, pointer: str
) -> None:
    answer = program.post("/v1/polls", {**POLL, "translations": translations})
    document = assert_problem(answer, 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


def test_a_translation_that_readers_voted_by_is_corrected_and_not_exchanged(
    program: Program, api: Api
) -> None:
    read = program.post("/v1/polls", POLL).json
    api.slug = "tea"
    assert api.cast(ballot("c1")).status_code == 201
    of_choice(read)["fr"] = {"text": "Café", "image_alt": "Une tasse"}
    document = assert_problem(program.put(PATH, read, If_Match="*"), 409, "poll_has_ballots")
    assert [error["pointer"] for error in document["errors"]] == [
        "/questions/0/choices/0/translations/fr/text"
    ]
    of_choice(read)["fr"] = {"text": "thé !", "image_alt": "Une tasse"}
    assert program.put(PATH, read, If_Match="*").status_code == 200
    del of_choice(read)["fr"]
    assert program.put(PATH, read, If_Match="*").status_code == 200


def test_translations_outlive_a_site_that_takes_up_their_language(
    program: Program, stores: Stores
) -> None:
    read = program.post("/v1/polls", POLL).json
    site = program.get("/v1/sites/demo").json
    assert program.put("/v1/sites/demo", {**site, "locale": "fr"}, If_Match="*").status_code == 200
    edited = program.put(PATH, {**read, "percent_only": True}, If_Match="*")
    assert edited.json == {**read, "percent_only": True}


def test_the_audit_log_tells_each_text(program: Program) -> None:
    read = program.post("/v1/polls", POLL).json
    of_choice(read)["fr"]["text"] = "Le thé"
    program.put(PATH, read, If_Match="*")
    event = program.get("/v1/audit?about=poll:tea").json["events"][0]
    path = "questions/q1/choices/c1/translations/fr/text"
    assert (event["before"], event["after"]) == ({path: "Thé"}, {path: "Le thé"})
