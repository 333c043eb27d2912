"""Are the VS Code extension's settings those of the server?"""

import dataclasses
import json

from pairwright.protocol.messages import RunParams
from tests.tidy.extension_settings import MANIFEST, SETTABLE, render_manifest
from tests.tidy.source import ROOT


def test_the_manifest_is_up_to_date() -> None:
    assert MANIFEST.read_text("utf-8") == render_manifest(), (
        "run: python -m tests.tidy.write_extension_settings"
    )


def test_every_setting_of_the_extension_is_one_that_a_task_takes() -> None:
    assert set(SETTABLE.values()) <= {field.name for field in dataclasses.fields(RunParams)}


def test_the_extension_has_the_version_of_the_server() -> None:
    version = json.loads(MANIFEST.read_text("utf-8"))["version"]
    assert f'version = "{version}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_no_folder_can_name_a_program_or_a_model() -> None:
    properties = json.loads(MANIFEST.read_text("utf-8"))["contributes"]["configuration"][
        "properties"
    ]
    for name in ("server.command", "models.strong", "models.weak"):
        assert properties[f"pairwright.{name}"]["scope"] == "machine"
