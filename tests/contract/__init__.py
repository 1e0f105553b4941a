"""Suites that run over every implementation of a contract."""
