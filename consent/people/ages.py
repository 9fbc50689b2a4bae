"""Age, as the law counts it. Pure."""

import datetime as dt

AGE_OF_DECIDING = 16  # GDPR Art. 8 leaves 16 where national law sets nothing lower; the Netherlands set nothing lower


def sixteenth_birthday(born: dt.date) -> dt.date:
    """The first day on which somebody decides alone.

    Somebody born on 29 February has no birthday in a common year, and is a year older on 1 March: only then has the
    last day of the year of age passed, and the later day keeps the guardians' protection longer. Sixteen years on is a
    common year only across 2100, which is no leap year.
    """
    try:
        return born.replace(year=born.year + AGE_OF_DECIDING)
    except ValueError:
        return dt.date(born.year + AGE_OF_DECIDING, 3, 1)


def is_sixteen(born: dt.date | None, day: dt.date) -> bool:
    """Whether somebody is known to be 16 or older on `day`."""
    return born is not None and day >= sixteenth_birthday(born)
