"""What does an end-to-end test stand on? A stage with the sample; one daemon serves many tests."""

from collections.abc import Iterator

import pytest

from tests.e2e.stage import Stage, staged


@pytest.fixture(scope="session")
def shared_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage")) as stage:
        stage.put_sample()
        yield stage


@pytest.fixture
def stage(shared_stage: Stage) -> Iterator[Stage]:
    """The shared stage: a daemon needs seconds to load litellm. Who writes takes it back."""
    shared_stage.server.answer_with()
    yield shared_stage
    shared_stage.put_sample()


@pytest.fixture
def fresh_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage of one's own, without files and without a daemon."""
    with staged(tmp_path_factory.mktemp("fresh")) as stage:
        yield stage
