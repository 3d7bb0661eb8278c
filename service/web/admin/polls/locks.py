"""What ballots lock in the form: it shows what stands, whatever was typed before they came."""

from dataclasses import replace

from service.records import Cast, Poll, Question
from service.web import current
from service.web.admin.polls import form
from service.web.admin.polls.form import ChoiceForm, PollForm, QuestionForm


def as_it_stands(poll: Poll, timezone: str = "") -> PollForm:
    """The form of the poll, in the site's time zone unless another is given."""
    cast = current.stores().polls.cast(poll)
    return settled(form.of_poll(poll, timezone), poll, cast)


def settled(shown: PollForm, poll: Poll, cast: Cast) -> PollForm:
    """The form with the poll's own rules, if there are ballots that were cast by them."""
    if not cast.has_ballots:
        return shown
    questions = (_settled(question, poll, cast) for question in shown.questions)
    policy = poll.duplicate_policy.value
    return replace(shown, duplicate_policy=policy, questions=tuple(questions))


def _settled(shown: QuestionForm, poll: Poll, cast: Cast) -> QuestionForm:
    stands = next((question for question in poll.questions if question.code == shown.code), None)
    if stands is None:
        return replace(shown, required=False)
    return replace(
        shown,
        type=stands.type.value,
        required=stands.required,
        min_choices=str(stands.min_choices),
        max_choices=str(stands.max_choices),
        choices=tuple(
            _settled_choice(choice, stands) if (shown.code, choice.code) in cast.marked else choice
            for choice in shown.choices
        ),
    )


def _settled_choice(shown: ChoiceForm, question: Question) -> ChoiceForm:
    """The choice that has votes with what its form cannot change any more."""
    stands = next((choice for choice in question.choices if choice.code == shown.code), None)
    if stands is None:
        return shown
    settled = replace(shown, is_other=stands.is_other)
    return settled if stands.image_url else replace(settled, image_url="", image_alt="")
