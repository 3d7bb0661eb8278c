from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.results import percent


@pytest.mark.parametrize(
    ("votes", "base", "share"),
    [(0, 0, 0.0), (0, 5, 0.0), (50, 123, 40.7), (1, 8, 12.5), (1, 2000, 0.1), (1, 2001, 0.0)],
)
def test_percent_has_one_decimal_and_rounds_halves_up(votes: int, base: int, share: float) -> None:
    assert percent(votes, base) == share


@given(base=st.integers(1, 10**9), data=st.data())
def test_percent_is_never_more_than_half_a_tenth_off(base: int, data: st.DataObject) -> None:
    votes = data.draw(st.integers(0, base))
    share = Fraction(round(percent(votes, base) * 10), 10)
    assert abs(share - Fraction(100 * votes, base)) <= Fraction(1, 20)
