"""Token buckets and strikes run on an injected clock."""

from __future__ import annotations

from runtime.limits import Strikes, TokenBuckets


class Hand:
    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at


def test_a_burst_of_ten_passes_and_the_eleventh_is_told_how_long_to_wait() -> None:
    buckets = TokenBuckets(5, 10, Hand())

    waits = [buckets.take("C001") for _ in range(11)]

    assert waits[:10] == [0.0] * 10
    assert waits[10] == 0.2


def test_the_bucket_refills_at_five_a_second_and_no_further_than_full() -> None:
    clock = Hand()
    buckets = TokenBuckets(5, 10, clock)
    for _ in range(10):
        buckets.take("C001")

    clock.at = 0.4
    assert [buckets.take("C001") for _ in range(3)].count(0.0) == 2
    clock.at = 1000.0
    assert [buckets.take("C001") for _ in range(12)].count(0.0) == 10


def test_one_customer_does_not_use_up_anothers_bucket() -> None:
    buckets = TokenBuckets(5, 1, Hand())

    assert buckets.take("C001") == 0.0
    assert buckets.take("C002") == 0.0


def test_three_strikes_within_ten_seconds_close_and_older_ones_are_forgotten() -> None:
    clock = Hand()
    strikes = Strikes(clock)

    assert [strikes.strike(), strikes.strike(), strikes.strike()] == [False, False, True]
    clock.at = 60.0
    assert strikes.strike() is False
