"""The stage of every test of the gate."""

import pytest
from sqlmodel import Session

from tests.gate.stage import Stage, set_up


@pytest.fixture
def stage(session: Session) -> Stage:
    """On each database in turn."""
    return set_up(session)
