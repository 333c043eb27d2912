"""A recorded run is shown as it was, and never taken for a new one."""

import json
from pathlib import Path

import pytest

from pairwright.protocol import messages
from pairwright_client.errors import ClientError
from pairwright_client.replay import Recorder, replay
from tests.clients import story
from tests.clients.pictures import plain


def record(path: Path, *events: messages.TaskEvent) -> None:
    recorder = Recorder("multiply", clock=iter(range(1000)).__next__)
    for event in events:
        recorder.hear(event)
    recorder.write(path, story.result())


def shown(path: Path) -> str:
    paper, screen = plain()
    replay(screen, path)
    return paper.getvalue()


def test_a_replay_says_what_it_is_and_shows_every_event(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    record(path, *story.LADDER)
    first, *middle, last = shown(path).splitlines()
    assert first == last
    assert first.startswith("Replay of a real run of 20")
    assert first.endswith("that took 48 s; no model is asked.")
    picture = (Path(__file__).parent / "golden" / "ladder.txt").read_text("utf-8")
    assert picture in "\n".join(middle)
    assert "Receipt" in middle


def test_a_download_is_replayed_with_the_speed_that_it_had(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    steps = [
        messages.ProgressMade(step="download", done=done, total=100_000_000, unit="bytes")
        for done in (0, 50_000_000, 100_000_000)
    ]
    record(path, story.STARTED, *steps)
    assert "✓ download: 100 MB of 100 MB, 50 MB/s" in shown(path)


def test_a_recording_is_one_json_object_a_line_with_times(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    record(path, story.STARTED)
    heading, event, end = map(json.loads, path.read_text().splitlines())
    assert (heading["strategy"], heading["strong"]) == ("ladder", story.STRONG)
    assert (event["at"], event["event"]["kind"]) == (1, "taskStarted")
    assert (end["at"], end["result"]["taskId"]) == (2, "t1")


def test_a_task_that_never_started_is_not_recorded(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="nothing to record"):
        record(tmp_path / "run.jsonl")


@pytest.mark.parametrize(
    "content", ["", "{}", "{}\n{}\n{}", "no json\n", "[]\n[]", '{"date": 1}\n{"result": {}}']
)
def test_a_damaged_recording_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(content)
    with pytest.raises(ClientError, match="the recording is damaged"):
        shown(path)


def test_a_missing_recording_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="there is no recording to replay: No such file"):
        shown(tmp_path / "run.jsonl")
