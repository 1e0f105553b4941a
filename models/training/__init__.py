"""Adapting the encoder to a bank's messages: one command, in numpy, the same bytes every time on one machine."""
