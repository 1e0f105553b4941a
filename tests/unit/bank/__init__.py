"""The core bank from inside: arithmetic, rows, constraints, clocks and keys."""
