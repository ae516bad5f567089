"""Many mines at once: the same bytes by whoever derives them, and when a worker is killed."""

import runpy
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from geoservice.errors import FileError
from geoservice.minewater.batch import derive_file, derive_files
from geoservice.minewater.derive import derive
from geoservice.minewater.files import Outcome, Task, read_task, write_task, written
from geoservice.minewater.hashes import inputs_hash
from geoservice.minewater.inputs import Column, Conversion, Override

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "minewater_mine.py"))
RULES = SCENE["RULES"]
COUNT = 6


def inputs_of(folder: Path) -> object:
    report = Override("O-1", SCENE["at"](500, 0, 600, 100), zone="workable", reason="drained",
                      conversion=Conversion("CONV-1", "slow_mining"))  # fmt: skip
    shapes = [*SCENE["clearances"](), SCENE["argument"](), SCENE["GOAF"], report]
    return SCENE["mine"](shapes, SCENE["strips"](folder, [0.045, 0.08, 0.105, float("nan")]))


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    inputs, made = inputs_of(tmp_path), []
    for number in range(COUNT):
        column = Column("X-1", SCENE["at"](700 + 60 * number, 500, 710 + 60 * number, 510))
        source = tmp_path / f"mine-{number}.json"
        write_task(source, replace(inputs, shapes=(*inputs.shapes, column)), RULES)  # type: ignore[attr-defined, type-var]
        made.append(source)
    return made


def tasks_into(folder: Path, sources: list[Path]) -> list[Task]:
    folder.mkdir()
    return [Task(str(it), str(folder / it.name)) for it in sources]


def test_inputs_come_back_from_their_file(tmp_path: Path) -> None:
    inputs = inputs_of(tmp_path)
    write_task(tmp_path / "mine.json", inputs, RULES)  # type: ignore[arg-type]
    back, rules = read_task(tmp_path / "mine.json")
    for one, other in zip(back.shapes, inputs.shapes, strict=True):  # type: ignore[attr-defined]
        assert one.geom.equals(other.geom)
        assert replace(one, geom=other.geom) == other
    assert inputs_hash(back, rules) == inputs_hash(inputs, RULES)  # type: ignore[arg-type]
    assert written(derive(back, rules)) == written(derive(inputs, RULES))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"inputs": {"class": "Path"}}', '{"inputs": 1, "ruleset": 2}']
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.json").write_text(text)
    with pytest.raises(FileError, match="does not hold"):
        read_task(tmp_path / "mine.json")
    outcome = derive_file(Task(str(tmp_path / "mine.json"), str(tmp_path / "out.json")))
    assert outcome.problem is not None
    assert not (tmp_path / "out.json").exists()


def test_one_worker_two_workers_and_a_killed_one_write_the_same_bytes(
    tmp_path: Path, sources: list[Path]
) -> None:
    alone = tasks_into(tmp_path / "alone", sources)
    for task in alone:
        assert derive_file(task).problem is None
    one = tasks_into(tmp_path / "one", sources)
    assert [it.problem for it in derive_files(one, workers=1)] == [None] * COUNT
    two = tasks_into(tmp_path / "two", sources)
    killed: list[int] = []

    def kill_once(_: Outcome) -> None:
        if not killed:
            worker = workers_of_this_process()[0]
            killed.append(worker.pid)
            worker.kill()

    assert [it.problem for it in derive_files(two, workers=2, told=kill_once)] == [None] * COUNT
    assert len(killed) == 1
    for source in sources:
        bytes_of = {
            (tmp_path / name / source.name).read_bytes() for name in ("alone", "one", "two")
        }
        assert len(bytes_of) == 1
    assert not [*tmp_path.rglob("*.part")]


def workers_of_this_process() -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [it for it in children if "spawn_main" in " ".join(it.cmdline())]
