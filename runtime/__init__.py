"""The composition root and the turn: settings, wiring, storage, one customer turn at a time."""
