"""The invariant × hazard matrix: what must hold, whatever goes wrong, over the real gate, the real executor and the real sandbox bank.

    python -m tests.matrix --seeds 100

`invariants` says what holds, `hazards` what goes wrong, `table` which pairs are asserted and why the others are not, `cells` runs
them, `controls` switches one control off at a time and names the cells that have to notice.
"""
