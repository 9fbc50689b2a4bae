"""The time, and the day it is at a Dutch school. Nothing else in the program asks the system for either."""

import datetime as dt
from zoneinfo import ZoneInfo

SCHOOL_ZONE = ZoneInfo("Europe/Amsterdam")


def now() -> dt.datetime:
    """The present moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def day_of(moment: dt.datetime) -> dt.date:
    """The calendar day of `moment` at school."""
    return moment.astimezone(SCHOOL_ZONE).date()


def today() -> dt.date:
    """The calendar day at school: birthdays and expiry dates turn at midnight there, not in UTC."""
    return day_of(now())
