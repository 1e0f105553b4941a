"""The conformance suite of the core bank: HTTP only. It runs over the sandbox on SQLite and PostgreSQL, and at an address."""
