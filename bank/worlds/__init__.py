"""Worlds: a bank at an instant, read from YAML. The demo, the tests and the evals all begin with one."""
