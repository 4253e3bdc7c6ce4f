"""The exercise is made once for all its tests: it takes some seconds."""

from pathlib import Path

import pytest

from evidence.training import TrainingFile, generate


@pytest.fixture(scope="package")
def exercise_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exercise")


@pytest.fixture(scope="package")
def exercise(exercise_dir: Path) -> dict[str, TrainingFile]:
    return {made.key: made for made in generate(exercise_dir)}
