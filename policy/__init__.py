"""The gate: typed facts and dated rules in, a decision out. Pure functions of values; no I/O but reading rule packs."""
