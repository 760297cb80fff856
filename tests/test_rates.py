"""Learning rates are tried until the best one has a worse one on either side."""

import pytest

from seqbook.models.rates import widened


@pytest.mark.parametrize(("best", "tried"), [
    (0.02, [0.01, 0.02, 0.04]), (0.08, [0.01, 0.02, 0.04, 0.08, 0.16]), (0.005, [0.0025, 0.005, 0.01, 0.02, 0.04])])
def test_rates_are_added_until_the_best_lies_between_others(best, tried):
    asked = []
    runs, found = widened((0.02, 0.01, 0.04), lambda rate: asked.append(rate) or abs(rate - best),
                          lambda runs: min(runs, key=runs.get))
    assert found == best and list(runs) == tried and sorted(asked) == tried
    assert runs == {rate: abs(rate - best) for rate in tried}


def test_a_step_of_its_own_is_taken_and_rounded():
    runs, best = widened((0.004, 0.012), lambda rate: rate, lambda runs: 0.00133 if 0.00133 in runs else 0.004, 3, 5)
    assert best == 0.00133 and list(runs) == [0.00044, 0.00133, 0.004, 0.012]
