"""Days as banks count them: which days are worked, and deadlines that show how they were found.

Pure. A day is a `date` in the branch's zone; the day something starts on is never counted (row B-06 of the banking rules: the
day of the alert is excluded), so day 1 is the day after. A deadline ends with the last second of its last day in that zone.
"""

from domain.calendars.cycles import MAX_MONTHS, end_of_cycles, months_after
from domain.calendars.days import INDIA, MAX_DAYS, Calendar, Deadline, Unit, days_between, deadline
from domain.calendars.holidays import EasterDay, Movable, NthWeekday, easter, movable
from domain.calendars.reading import parse_calendar

__all__ = [
    "INDIA", "MAX_DAYS", "MAX_MONTHS", "Calendar", "Deadline", "EasterDay", "Movable", "NthWeekday", "Unit", "days_between", "deadline",
    "easter", "end_of_cycles", "months_after", "movable", "parse_calendar",
]  # fmt: skip
