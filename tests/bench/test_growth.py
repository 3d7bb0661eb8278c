"""What is said of growth, of made-up runs; and what Redis keeps of some thousand voters."""

from bench.contests import Measured, Row
from bench.growth import Growth, measure_voters
from bench.load import Figures
from bench.meters import Spent


def measured(per_second: float, web_us: float, errors: int = 0) -> Measured:
    return Measured(Figures(10, errors, per_second, 1.0, 5.0, 9.0), Spent(web_us, 0, 0, 2, 4))


def growth(errors: int = 0) -> Growth:
    many, few = measured(800, 6000, errors), measured(1000, 4000)
    return Growth(Row("many", 64, many, "few", few, 0.8, None), 21.0, 20.0)


def test_a_vote_costs_what_the_large_poll_takes_over_what_the_small_one_does() -> None:
    facts = list(growth().facts())
    assert [(fact.value, fact.reached) for fact in facts] == [
        (1.25, True),
        (1.5, False),
        (1.05, True),
    ]


def test_growth_with_a_vote_that_failed_is_not_reached() -> None:
    assert not any(fact.reached for fact in growth(errors=1).facts())


def test_redis_keeps_little_of_each_voter() -> None:
    fact = measure_voters(5_000)
    assert fact.reached
    assert fact.value > 24
