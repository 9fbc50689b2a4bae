"""Somebody is erased, and last week's backup is put back: nothing of them opens."""

import shutil
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from consent import database, sealing
from consent.decisions.vocabulary import Answer
from consent.faces import enrolment, sightings
from consent.faces.tables import Portrait, Template
from consent.gate import intake
from consent.media import vault
from consent.oversight import forgetting
from consent.people.tables import Account, Person
from consent.sealing import Destroyed
from tests.conftest import forget_caches
from tests.gate.stage import Stage, set_up
from tests.people import say


@pytest.fixture
def stage(sqlite_home: Path) -> Stage:
    """On a file, which can be copied away and back."""
    session = Session(database.engine(), expire_on_commit=False)
    stage = set_up(session)
    stage.enrol("jasmijn", "hana")
    stage.photograph("jasmijn")
    session.commit()
    return stage


def back_up(home: Path) -> Path:
    with database.engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = home.with_name("backup")
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("keys"))
    return copy


def restore(home: Path, copy: Path) -> Session:
    forget_caches()
    for name in ("vault", "consent.sqlite"):
        target = home / name
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    shutil.copytree(copy / "vault", home / "vault")
    shutil.copy(copy / "consent.sqlite", home)
    for leftover in home.glob("consent.sqlite-*"):
        leftover.unlink()
    return Session(database.engine())


def test_an_erased_persons_portrait_and_template_stay_closed(stage: Stage, sqlite_home: Path) -> None:
    jasmijn, hana = stage.folk.jasmijn, stage.folk.hana
    copy = back_up(sqlite_home)
    forgetting.forget(stage.session, stage.person("jasmijn"), by=stage.account("admin"))
    stage.session.commit()
    stage.session.close()
    with restore(sqlite_home, copy) as session:
        assert session.get_one(Person, jasmijn).given_name == "Jasmijn"  # the backup really is from before
        portrait = session.exec(select(Portrait).where(Portrait.person_id == jasmijn)).one()
        assert vault.exists(enrolment.portrait_file(portrait.id))
        with pytest.raises(Destroyed):
            sealing.key_store().key(enrolment.key_owner(portrait.id))
        with pytest.raises(Destroyed):
            enrolment.enrolled_among(session, [jasmijn])
        with pytest.raises(Destroyed):
            sealing.key_store().make(enrolment.key_owner(portrait.id))
        assert [one.person_id for one in enrolment.enrolled_among(session, [hana])] == [hana]


def test_a_key_that_was_copied_back_is_destroyed_again(stage: Stage, sqlite_home: Path) -> None:
    kept = sqlite_home.with_name("keys of last week")
    shutil.copytree(sqlite_home / "keys", kept)
    forgetting.forget(stage.session, stage.person("jasmijn"), by=stage.account("admin"))
    for key in kept.glob("portrait-*.key"):
        shutil.copy(key, sqlite_home / "keys")
    assert sealing.key_store().replay() == 1
    assert sealing.key_store().replay() == 0
    with pytest.raises(Destroyed):
        enrolment.enrolled_among(restore_templates(stage), [stage.folk.jasmijn])


def restore_templates(stage: Stage) -> Session:
    """The rows as a backup would bring them."""
    stage.session.rollback()
    return stage.session


def test_what_the_faces_of_a_closed_batch_look_like_stays_closed(stage: Stage, sqlite_home: Path) -> None:
    copy = back_up(sqlite_home)
    [upload] = intake.uploads_of(stage.session, stage.batch.id)
    face = stage.faces(upload)[0].id
    intake.close(stage.session, stage.batch, actor="account:test")
    stage.session.commit()
    assert sightings.probes(stage.session, [face], bytes(32)) == {}
    stage.session.close()
    with restore(sqlite_home, copy):
        with pytest.raises(Destroyed):
            sealing.key_store().key(intake.probe_owner(stage.batch.id))
        files = sealing.key_store().key(intake.key_owner(stage.batch.id))
        assert vault.read(intake.original_of(upload.id), files)  # the files have a key of their own


def test_consent_to_matching_that_is_withdrawn_destroys_portrait_and_template(stage: Stage) -> None:
    portrait = stage.session.exec(select(Portrait).where(Portrait.person_id == stage.folk.hana)).one()
    say(stage.session, stage.folk.hana, Answer.WITHDRAWN, guardian=stage.folk.hugo, place=None)
    assert enrolment.enrolled_among(stage.session, [stage.folk.hana]) == []  # at once, before any work is done
    enrolment.follow_consent(stage.session, stage.folk.hana)
    left = select(Template).where(col(Template.person_id) == stage.folk.hana)
    assert stage.session.exec(left).all() == []
    assert not vault.exists(enrolment.portrait_file(portrait.id))
    with pytest.raises(Destroyed):
        sealing.key_store().key(enrolment.key_owner(portrait.id))


def test_an_erased_person_is_nowhere_by_name(stage: Stage, sqlite_home: Path) -> None:
    forgetting.forget(stage.session, stage.person("jasmijn"), by=stage.session.get_one(Account, stage.folk.admin))
    stage.session.commit()
    with database.engine().connect() as connection:
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Jasmijnsen" not in (sqlite_home / "consent.sqlite").read_bytes()
