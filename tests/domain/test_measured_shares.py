import json
import math

import pytest

from consent.oversight.bounds import Share, as_json


def test_none_of_300_says_only_below_one_per_cent() -> None:
    assert Share(0, 300, 300).rate == 0
    low, high = Share(0, 300, 300).bounds
    assert low == 0
    assert high == pytest.approx(3 / 300, rel=0.01)


def test_five_of_a_hundred_has_the_bounds_of_clopper_and_pearson() -> None:
    assert Share(5, 100, 100).bounds == pytest.approx((0.01643, 0.11283), abs=1e-5)


def test_all_of_fifty_has_no_upper_doubt() -> None:
    low, high = Share(50, 50, 50).bounds
    assert low == pytest.approx(1 - 3 / 50, abs=0.003)
    assert high == 1


def test_trying_the_same_faces_again_makes_nothing_surer() -> None:
    assert Share(50, 1000, 100).bounds == pytest.approx(Share(5, 100, 100).bounds)


def test_of_nothing_nothing_is_known() -> None:
    assert Share(0, 0, 0).rate == 0
    assert Share(0, 0, 0).bounds == (0, 1)


def test_two_shares_of_different_faces_add_up() -> None:
    assert Share(1, 10, 5) + Share(2, 20, 8) == Share(3, 30, 13)


def test_a_share_is_told_with_its_rate_and_bounds() -> None:
    told = as_json((Share(0, 4, 4), "x"))
    assert told == [
        {"count": 0, "trials": 4, "distinct": 4, "rate": 0.0, "low95": 0.0, "high95": pytest.approx(1 - 0.05**0.25)},
        "x",
    ]
    assert not math.isnan(json.loads(json.dumps(told))[0]["high95"])
