"""The ledger: every answer ever given, and what follows from them today.

Answers are appended, never changed; a withdrawal is a newer answer. What is allowed is not stored anywhere: it is
worked out from the ledger by `rules` each time somebody asks, in a fixed number of queries for every thousand people.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlmodel import Session, col, select

from consent import audit, clock, queue
from consent.audit import Action
from consent.database import new_id
from consent.decisions import acceptance, rules, wordings
from consent.decisions.acceptance import Said
from consent.decisions.histories import gather
from consent.decisions.rules import Permission, Question
from consent.decisions.tables import Channel, Decision, PaperForm
from consent.decisions.vocabulary import Answer, Decider, Medium, Purpose, Source
from consent.errors import NotFound, Refused
from consent.people import accounts
from consent.people.tables import Account, Person, School
from consent.people.vocabulary import Role
from consent.queue import Job

Place = tuple[str, str, Medium]  # person, channel, medium


def record(
    session: Session,
    said: Said,
    *,
    source: Source,
    by: Account | None = None,
    paper_form_id: str | None = None,
) -> Decision:
    """Append one answer; it is in force at once.

    `by` is the account that entered it, and nobody where the decider did so online.
    """
    _refuse_without_proof(said, source, by, paper_form_id)
    person = acceptance.accept(session, said, source, clock.today())
    if by is not None and by.school_id != person.school_id:
        raise NotFound("This person is not on the roll.")
    decision_id = new_id()
    # The audit comes first: it makes two answers at the same moment queue up, so that `number` is their true order.
    audit.record(
        session,
        Action.DECISION_RECORDED,
        f"person:{person.id}",
        school_id=person.school_id,
        actor=_actor(said, by),
        particulars={"decision": decision_id, "answer": str(said.answer), "source": str(source)},
    )
    decision = Decision(
        **asdict(said),
        id=decision_id,
        school_id=person.school_id,
        source=source,
        paper_form_id=paper_form_id,
        recorded_by=by.id if by else None,
        at=clock.now(),
    )
    session.add(decision)
    session.flush()
    if said.purpose is Purpose.FACE_MATCHING and said.answer is not Answer.YES:
        queue.ask(session, Job.FOLLOW_DECISION, person.id, decision_id)  # templates are destroyed with the consent
    return decision


def _refuse_without_proof(said: Said, source: Source, by: Account | None, paper_form_id: str | None) -> None:
    if (source is Source.PAPER) != (paper_form_id is not None):
        raise Refused("An answer on paper needs the form it is on, and no other answer has one.")
    if source is not Source.ONLINE and by is None:
        raise Refused("Say who entered this answer.")
    if source is Source.ONLINE and by is not None and said.answer is Answer.YES:
        raise Refused("A yes that is entered for somebody else needs the paper form it is on.")


def record_paper(session: Session, answers: Sequence[Said], *, reference: str, by: Account) -> list[Decision]:
    """Enter what a paper form says. `reference` is where the school keeps the form; without one there is no proof."""
    accounts.require(session, by, Role.ADMINISTRATION, Role.ADMIN)
    if not reference.strip():
        raise Refused("Give the reference under which the paper form can be found.")
    known = select(PaperForm).where(PaperForm.school_id == by.school_id, PaperForm.reference == reference.strip())
    form = session.exec(known).first()
    if form is None:
        form = PaperForm(school_id=by.school_id, reference=reference.strip(), recorded_at=clock.now())
        session.add(form)
        session.flush()
    return [record(session, said, source=Source.PAPER, by=by, paper_form_id=form.id) for said in answers]


def own_no(session: Session, person: Person, channel: Channel, medium: Medium, *, by: Account) -> Decision:
    """A child says no, at any age, and somebody of the school writes it down. Nothing needs to be signed for that."""
    return _own(session, person, channel, medium, Answer.NO, by)


def take_back(session: Session, person: Person, channel: Channel, medium: Medium, *, by: Account) -> Decision:
    """A child under 16 takes their own no back. That restricts no longer, and grants nothing."""
    return _own(session, person, channel, medium, Answer.TAKEN_BACK, by)


def history(session: Session, person_id: str) -> list[Decision]:
    """Every answer about somebody, in order of arrival."""
    answers = select(Decision).where(Decision.person_id == person_id).order_by(col(Decision.number))
    return list(session.exec(answers))


def permissions(
    session: Session,
    school_id: str,
    people: Collection[str],
    channels: Collection[Channel],
    media: Collection[Medium],
    day: dt.date,
) -> dict[Place, Permission]:
    """May it go out on `day`: for each of these people, channels and media, with reasons."""
    asked = [(channel.id, question_of(channel)) for channel in channels]
    found: dict[Place, Permission] = {}
    for person_id, history_of in gather(session, school_id, people, Purpose.PUBLICATION):
        for channel_id, question in asked:
            for medium in media:
                found[person_id, channel_id, medium] = rules.may_publish(
                    history_of.subject,
                    history_of.guardians,
                    history_of.answers_to(channel_id, medium),
                    question,
                    day,
                )
    return found


def may_stay(
    session: Session,
    school_id: str,
    people: Collection[str],
    channels: Collection[Channel],
    media: Collection[Medium],
    day: dt.date,
) -> dict[Place, Permission]:
    """May what went out stay out, on `day`: for each of these people, channels and media, with reasons."""
    return {
        (person_id, channel.id, medium): rules.may_stay(
            history_of.subject, history_of.guardians, history_of.answers_to(channel.id, medium), day
        )
        for person_id, history_of in gather(session, school_id, people, Purpose.PUBLICATION)
        for channel in channels
        for medium in media
    }


def may_match(session: Session, people: Collection[str], day: dt.date) -> dict[str, Permission]:
    """Whose faces may be matched on `day`, with reasons. Whether the school recorded a DPIA is asked elsewhere."""
    of_school: dict[str, list[str]] = {}
    for person in session.exec(select(Person).where(col(Person.id).in_(people))):
        of_school.setdefault(person.school_id, []).append(person.id)
    found: dict[str, Permission] = {}
    for school_id, ours in of_school.items():
        minimum = session.get_one(School, school_id).minimum_matching_edition
        question = Question(Purpose.FACE_MATCHING, minimum_edition=minimum)
        for person_id, history_of in gather(session, school_id, ours, Purpose.FACE_MATCHING):
            found[person_id] = rules.permission(
                history_of.subject, history_of.guardians, history_of.answers_to(), question, day
            )
    return found


def question_of(channel: Channel) -> Question:
    """What a channel asks."""
    return Question(
        Purpose.PUBLICATION,
        channel_id=channel.id,
        both_guardians=channel.both_guardians,
        minimum_edition=channel.minimum_edition,
        opens_on=channel.opens_on,
        closes_on=channel.closes_on,
    )


def _own(session: Session, person: Person, channel: Channel, medium: Medium, answer: Answer, by: Account) -> Decision:
    # What was said is short, and said aloud; the text it is about is the newest the school has in Dutch.
    wording = wordings.wording_for(session, person.school_id, Purpose.PUBLICATION, "nl")
    said = Said(person.id, Decider.SELF, answer, wording.id, channel_id=channel.id, medium=medium)
    return record(session, said, source=Source.ONLINE, by=by)


def _actor(said: Said, by: Account | None) -> str:
    if by is not None:
        return accounts.actor(by)
    return f"guardian:{said.guardian_id}" if said.guardian_id else f"person:{said.person_id}"
