"""Emma is kept out: in one world because her mother asked, in the other for a reason few may know. Nobody can tell."""

import csv
import datetime as dt
import io
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from consent import audit, clock, database, sealing
from consent.decisions import ledger
from consent.decisions.vocabulary import Medium
from consent.gate import folder, intake, preparation, review
from consent.gate.folder import Ticket
from consent.gate.tables import Batch, MarkKind
from consent.people import protection
from tests.conftest import forget_caches, use_home
from tests.gate.stage import Stage, set_up

REASON = "lives in a shelter in another town"


@pytest.fixture
def worlds(sqlite_home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Stage]:
    """Two copies of one home, from the moment before Ivo is kept out, with pictures handed in."""
    stage = set_up(Session(database.engine(), expire_on_commit=False), places=("website",))
    stage.enrol("jasmijn", "hana")
    for people in (("hana", "ben"), ("jasmijn",), ("ivo", "hana"), ()):
        stage.photograph(*people)
    stage.session.commit()
    stage.session.close()
    database.engine().dispose()
    forget_caches()
    other = sqlite_home.with_name("other")
    shutil.copytree(sqlite_home, other)
    return sqlite_home, other, stage


def live_on(home: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch, *, flag: bool, out: Path) -> dict[str, bytes]:
    """Keep Ivo out, have everything judged and named, and give back every byte that comes out."""
    use_home(monkeypatch, home)
    moments = iter(range(10_000))
    start = stage.outing.day
    monkeypatch.setattr(clock, "now", lambda: clock_at(start, next(moments)))
    with Session(database.engine(), expire_on_commit=False) as session:
        here = Stage(session, stage.folk, stage.outing, session.get_one(Batch, stage.batch.id))
        ivo = here.person("ivo")
        if flag:
            protection.set_safety_flag(session, ivo, REASON, by=here.account("safety"))
        else:
            protection.keep_out(session, ivo, by=here.account("safety"))
        preparation.group(session, here.batch.id)
        uploads = intake.uploads_of(session, here.batch.id)
        face = here.faces(uploads[2])[0]
        review.mark(session, here.batch, [face], MarkKind.PERSON, by=here.account("reviewer"), person=ivo)
        for upload in uploads:
            preparation.judge(session, upload, 0)
            preparation.render(session, upload)
            preparation.settle(session, upload, 0)
        ticket = Ticket(here.batch.id, anonymous=False, outing="Artis", channel="website")
        folder.prepare(out, ticket)
        folder.deliver(session, here.batch, here.channel("website"), out, with_originals=True)
        session.commit()
        told = {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
        told["permissions"] = repr(
            ledger.permissions(
                session, stage.folk.school, [ivo.id], [here.channel("website")], [Medium.PHOTO], clock.today()
            )
        ).encode()
        told["audit"] = repr(audit.verify(session)).encode()
        told["open audit"] = open_audit(session)
        told["keys"] = repr(sorted(path.name for path in (home / "keys").iterdir())).encode()
    forget_caches()
    return told


def clock_at(day: dt.date, step: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC) + dt.timedelta(seconds=step)


def open_audit(session: Session) -> bytes:
    """What anybody may read of the audit, without the moments and the random ids."""
    rows = session.connection().execute(
        text("SELECT number, actor, action, particulars FROM audit_entry WHERE chain LIKE 'school:%' ORDER BY id")
    )
    written = io.StringIO()
    csv.writer(written).writerows([number, actor, action, particulars] for number, actor, action, particulars in rows)
    return written.getvalue().encode()


def test_every_file_report_and_open_entry_is_the_same_byte_for_byte(
    worlds: tuple[Path, Path, Stage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wish, flag, stage = worlds
    one = live_on(wish, stage, monkeypatch, flag=False, out=tmp_path / "out of one")
    other = live_on(flag, stage, monkeypatch, flag=True, out=tmp_path / "out of the other")
    assert list(one) == list(other)
    assert [name for name in one if one[name] != other[name]] == []
    assert not any(REASON.encode() in content for content in other.values())
    assert any(name.startswith("internal/review/") for name in one)
    assert b"keep out" in one["internal/report.csv"]


def test_the_reason_is_nowhere_in_the_clear(
    worlds: tuple[Path, Path, Stage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, flag, stage = worlds
    live_on(flag, stage, monkeypatch, flag=True, out=tmp_path / "out")
    for path in flag.rglob("*"):
        assert not path.is_file() or REASON.encode() not in path.read_bytes()
    use_home(monkeypatch, flag)
    with Session(database.engine()) as session:
        here = Stage(session, stage.folk, stage.outing, session.get_one(Batch, stage.batch.id))
        assert protection.read_safety_reason(session, here.person("ivo"), by=here.account("safety")) == REASON
    assert sealing.key_store().destroyed() == frozenset()
