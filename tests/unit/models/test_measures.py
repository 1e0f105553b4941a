"""Figures that others compare us by, against cases small enough to be worked out by hand."""

from __future__ import annotations

import pytest

from models.measures import (
    accuracy,
    auroc,
    calibration_error,
    confusion,
    label_scores,
    macro_f1,
    micro_f1,
    percentile,
    reliability,
)

EXPECTED = ["a", "a", "a", "b", "b", "c"]
SAID = ["a", "a", "b", "b", "a", "d"]


def test_accuracy_is_the_share_that_is_right() -> None:
    assert accuracy(EXPECTED, SAID) == 3 / 6
    assert accuracy([], []) == 0.0


def test_macro_f1_takes_every_label_as_much_as_another() -> None:
    # a: precision 2/3, recall 2/3; b: 1/2, 1/2; c: never said; d: never expected
    assert macro_f1(EXPECTED, SAID) == pytest.approx((2 / 3 + 1 / 2 + 0 + 0) / 4)
    assert label_scores(EXPECTED, SAID)["a"].support == 3
    assert macro_f1(EXPECTED, EXPECTED) == 1.0


def test_micro_f1_counts_pairs_of_row_and_label() -> None:
    expected = [frozenset({"a", "b"}), frozenset({"c"}), frozenset[str]()]
    said = [frozenset({"a"}), frozenset({"c", "d"}), frozenset({"d"})]
    # 2 right of 3 expected and 4 said
    assert micro_f1(expected, said) == pytest.approx(2 * 2 / (3 + 4))
    assert micro_f1([frozenset()], [frozenset()]) == 0.0


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1, 0.2], [0.9, 0.8], 0.0),
        ([0.5, 0.5], [0.5], 0.5),
        ([0.9, 0.4], [0.5, 0.1, 0.4], (3 + 1 + 0.5) / 6),  # 0.9 beats three; 0.4 beats one and ties with one
    ],
    ids=["apart", "the wrong way round", "no difference", "mixed with a tie"],
)
def test_auroc_is_the_chance_that_a_positive_scores_higher(positive: list[float], negative: list[float], area: float) -> None:
    assert auroc(positive, negative) == pytest.approx(area)


def test_auroc_of_one_side_only_is_refused() -> None:
    with pytest.raises(ValueError, match="both kinds"):
        auroc([0.5], [])


def test_calibration_error_weighs_each_bin_by_its_rows() -> None:
    # Bin 0.9 to 1.0: four rows, confidence 0.95, half of them right. Bin 0.6 to 0.7: one row, confidence 0.65, right.
    error = calibration_error([0.95, 0.95, 0.95, 0.95, 0.65], [True, True, False, False, True])
    assert error == pytest.approx(4 / 5 * 0.45 + 1 / 5 * 0.35)
    assert calibration_error([1.0, 1.0], [True, True]) == 0.0
    assert calibration_error([], []) == 0.0


def test_the_bins_hold_all_rows_and_one_is_in_the_last() -> None:
    bins = reliability([0.0, 0.1, 0.999, 1.0], [False, False, True, True])
    assert [each.count for each in bins] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[9].accuracy, bins[2].accuracy) == (1.0, 0.0)


def test_confusion_has_expected_in_rows_and_said_in_columns() -> None:
    labels, counts = confusion(EXPECTED, SAID)
    assert labels == ["a", "b", "c", "d"]
    assert counts == [[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]


def test_a_percentile_lies_between_its_neighbours() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.5
    assert percentile([7.0], 95) == 7.0
