"""The database kit: one writer, group commit, migrations. Knows no table; `bank` and `runtime` bring their own."""
