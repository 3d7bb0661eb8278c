"""A poll that is not kept yet."""

from service.records import Choice, PollDraft, Question

DRINK = Question("", "Tea or coffee?", (Choice("", "Tea"), Choice("", "Coffee")))
DRAFT = PollDraft(slug="", title="", questions=(DRINK,))
