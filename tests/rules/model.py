"""The third section of the design once more: slow, obvious, and sharing nothing with the rules but the words.

Where the rules walk through a history and keep what stands, this looks back from the end and asks of each sentence
whether it is true.
"""

import calendar
import datetime as dt

from histories import World

NO = ("no", "withdrawn")


def allowed_and_why(world: World) -> tuple[bool, set[str]]:
    why = set()
    day, question = world.day, world.question
    if world.subject.keep_out and question.purpose == "publication":
        why.add("kept_out")
    if world.subject.joined_on and day < world.subject.joined_on:
        why.add("not_on_the_roll")
    if world.subject.left_on and day >= world.subject.left_on:
        why.add("not_on_the_roll")
    if (question.opens_on and day < question.opens_on) or (question.closes_on and day > question.closes_on):
        why.add("channel_closed")
    if own_no(world):
        why.add("own_no")
    if grown_up(world, day):
        why |= missing(world, last_own_yes(world), said_no=own_no(world))
    else:
        why |= of_the_guardians(world)
        if world.subject.born is None:
            own = last_own_yes(world)
            why |= {"birth_date_unknown"} if own is None and not own_no(world) else missing(world, own, own_no(world))
    return (not why, why or {"allowed"})


def may_stay(world: World) -> bool:
    if world.subject.keep_out or own_no(world):
        return False
    if grown_up(world, world.day) and last_own_yes(world) is not None:
        return True
    return not any(holds_as_no(world, name) for name in everybody(world))


def of_the_guardians(world: World) -> set[str]:
    why = set()
    each = world.question.both_guardians or world.question.purpose == "face_matching"
    deciding = [name for name in everybody(world) if decides(world, name, world.day)]
    for name in everybody(world):
        if holds_as_no(world, name):
            why.add("guardian_no" if name in deciding else "former_guardian_no")
    if not deciding:
        return why | {"no_guardian"}
    good = [name for name in deciding if counts_as_yes(world, name)]
    if good and not each:
        return why
    for name in deciding:
        lack = missing(world, last_word(world, name), said_no=holds_as_no(world, name))
        why |= {"not_all_guardians" if word == "no_answer" and good else word for word in lack}
    left = [name for name in everybody(world) if had_authority(world, name) and name not in deciding]
    if each and any(not counts_as_yes(world, name) and not heard_since(world, name) for name in left):
        why.add("not_all_guardians")
    return why


def missing(world: World, yes, said_no: bool) -> set[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    if said_no:
        return set()
    if yes is None:
        return {"no_answer"}
    why = set()
    if yes.expires_on and world.day >= yes.expires_on:
        why.add("expired")
    if yes.edition < world.question.minimum_edition:
        why.add("wording_changed")
    if world.question.channel_id and world.question.channel_id not in yes.channels:
        why.add("wording_changed")
    return why


def grown_up(world: World, day: dt.date) -> bool:
    if world.subject.adult_by_role:
        return True
    if world.subject.born is None:
        return False
    born = world.subject.born
    month, number = born.month, born.day
    if (month, number) == (2, 29) and not calendar.isleap(born.year + 16):
        month, number = 3, 1
    return day >= dt.date(born.year + 16, month, number)


def heard(world: World, guardian: str | None) -> list:  # type: ignore[type-arg]
    return [given for given in world.answers if given.guardian_id == guardian and given.day <= world.day]


def own_no(world: World) -> bool:
    said = heard(world, None)
    return any(
        given.answer in NO and not any(lifts(world, later) for later in said[place + 1 :])
        for place, given in enumerate(said)
    )


def lifts(world: World, given) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    if given.answer == "yes":
        return may_say_yes(world, given.day)
    return given.answer == "taken_back" and world.subject.born is not None and not grown_up(world, given.day)


def may_say_yes(world: World, day: dt.date) -> bool:
    return grown_up(world, day) or world.subject.born is None


def last_own_yes(world: World):  # type: ignore[no-untyped-def]  # noqa: ANN201
    said = heard(world, None)
    for place in reversed(range(len(said))):
        if said[place].answer != "yes":
            return None
        if may_say_yes(world, said[place].day):
            return said[place]
    return None


def everybody(world: World) -> list[str]:
    return sorted(
        {guardian.id for guardian in world.guardians} | {a.guardian_id for a in world.answers if a.guardian_id}
    )


def row(world: World, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return next((guardian for guardian in world.guardians if guardian.id == name), None)


def had_authority(world: World, name: str) -> bool:
    """Whether ever; somebody who answered and was taken off the list must once have been on it."""
    guardian = row(world, name)
    return guardian.authority if guardian else bool(heard(world, name))


def decides(world: World, name: str, day: dt.date) -> bool:
    guardian = row(world, name)
    if guardian is None:
        return False
    return guardian.authority and (guardian.ended_on is None or day < guardian.ended_on)


def last_word(world: World, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    said = [given for given in heard(world, name) if not grown_up(world, given.day)]
    said = [given for given in said if given.answer != "taken_back"]
    heard_with_a_say = [given for given in said if given.answer in NO or decides(world, name, given.day)]
    if not heard_with_a_say:
        return None
    word = heard_with_a_say[-1]
    return word if word is said[-1] or word.answer in NO else None


def counts_as_yes(world: World, name: str) -> bool:
    word = last_word(world, name)
    return word is not None and word.answer == "yes" and not missing(world, word, said_no=False)


def holds_as_no(world: World, name: str) -> bool:
    word = last_word(world, name)
    if not had_authority(world, name) or word is None or word.answer not in NO:
        return False
    return decides(world, name, world.day) or not heard_since(world, name)


def heard_since(world: World, former: str) -> bool:
    """Whether somebody who decides today has last answered after the day this authority ended."""
    guardian = row(world, former)
    ended = guardian.ended_on if guardian else world.day
    words = [last_word(world, name) for name in everybody(world) if decides(world, name, world.day)]
    return any(word is not None and word.day > ended for word in words)
