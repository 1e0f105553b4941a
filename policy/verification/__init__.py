"""Proofs about a rule pack: its rules and the gate's way of deciding as terms of a solver (Z3), and what has to hold for all facts.

Nothing here runs when a bank is served; only `tellergate policy verify` and tests import it.
"""
