"""One deployed desk for all tests, and the promise that nothing was refused it."""

import os

import deployment
import pytest
from desk import Desk
from identity_service import IdentityService


@pytest.fixture(scope="session")
def binaries():
    """The folder of the functions' binaries: LOTSE_FUNCTIONS, or they are built."""
    return os.environ.get("LOTSE_FUNCTIONS") or deployment.build()


@pytest.fixture(scope="session")
def desk(binaries, tmp_path_factory):
    """The desk, deployed from template.yaml with permissions enforced."""
    running = Desk(tmp_path_factory.mktemp("desk"), binaries)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def nothing_is_refused(request):
    """Every test fails that runs into a missing permission, wherever in the background that happens."""
    desk = request.getfixturevalue("desk") if "desk" in request.fixturenames else None
    known = len(desk.wire.denials()) if desk else 0
    yield
    if desk:
        refused = desk.wire.denials()[known:]
        assert not refused, "\n".join(f"{call}: {call.answer.decode(errors='replace')[:400]}" for call in refused)


@pytest.fixture(scope="session")
def identity_service(desk):
    """The company's sign-in service, which the desk is told of."""
    service = IdentityService()
    desk.sign_in_by(service)
    yield service
    service.stop()
