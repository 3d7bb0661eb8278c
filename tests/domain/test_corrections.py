"""What is a correction of a text that has votes, and what is another text."""

import pytest

from service.domain.corrections import is_correction


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Midle East", "Middle East"),
        ("middle  east", "Middle East"),
        ("Cofee", "Coffee"),
        ("Ja", "JA!"),
        ("Recieve it", "Receive it"),
        ("Colour", "Color"),
        ("Dont know", "Don\u2019t know"),
        ("e-mail", "Email"),
        ("Cote d'Ivoire", "C\u00f4te d\u2019Ivoire"),
        ("1000 \u20ac", "1000\u20ac"),
        ("\u0928\u0939\u0940\u0902.", "\u0928\u0939\u0940\u0902"),
        ("\u2764", "\u2764\ufe0f"),
    ],
)
def test_a_text_may_be_corrected_and_the_correction_taken_back(old: str, new: str) -> None:
    assert is_correction(old, new)
    assert is_correction(new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Yes", "No"),
        ("Yes", "Yos"),
        ("Men", "Women"),
        ("I agree", "I disagree"),
        ("Legal", "Illegal"),
        ("Happy", "Unhappy"),
        ("Typical", "Atypical"),
        ("Increase", "Decrease"),
        ("Macroeconomics", "Microeconomics"),
        ("Slovakia", "Slovenia"),
        ("Support", "Don't support"),
        ("Which one?", "Which one should be banned?"),
        ("Option A", "Option B"),
        ("1 hour", "2 hours"),
        ("2 hours", "2 hours a day"),
        ("1.5", "15"),
        ("5", "-5"),
        ("5", "5 %"),
        ("C++", "C"),
        ("Covid19", "Covid18"),
        ("\U0001f44d", "\U0001f44e"),
        ("\u5927\u5bb6\u90fd\u652f\u6301", "\u5927\u5bb6\u90fd\u4e0d\u652f\u6301"),
        ("Tea", "Sparkling water"),
        ("Ja", ""),
    ],
)
def test_a_text_may_not_become_another(old: str, new: str) -> None:
    assert not is_correction(old, new)
    assert not is_correction(new, old)


def test_what_another_text_says_is_no_correction() -> None:
    assert is_correction("Employerr", "Employer", ["Freelancer"])
    assert not is_correction("Employer", "Employee", ["Employee"])
    assert not is_correction("Employer", "Employees", ["Employee"])
