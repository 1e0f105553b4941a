"""Double entry, append-only: pure arithmetic in `core`, rows and locks in `posting` and `holds`."""
