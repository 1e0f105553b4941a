"""Deterministic readers of values: money, time, last four digits, references, and short answers, in English, Hindi and Hinglish.

They take bounded time, guess nothing, and know nothing of the customer: matching against payments is the flow's work.
"""
