import model
from histories import World, worlds
from hypothesis import given, settings


@settings(max_examples=3000)
@given(worlds)
def test_permission_and_every_reason_for_it(world: World) -> None:
    found = world.permission()
    allowed, why = model.allowed_and_why(world)
    assert (found.allowed, set(found.reasons)) == (allowed, why)


@settings(max_examples=2000)
@given(worlds)
def test_what_may_stay(world: World) -> None:
    assert world.may_stay().allowed == model.may_stay(world)
