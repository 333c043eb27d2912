"""Does the configuration for Emacs work: eglot connects, a proposal is kept, the buffer changes?"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.answers import PRICED, edit_blocks
from tests.e2e.stage import COMMAND_S, PROJECT, Stage
from tests.support.model_server import Answer

PROGRAM = shutil.which("emacs")
EGLOT = [
    *Path("/usr/share/emacs/site-lisp").glob("elpa/eglot-*"),
    *Path("/usr/share/emacs").glob("29*"),
]

pytestmark = pytest.mark.skipif(
    PROGRAM is None or not EGLOT, reason="Emacs with eglot (elpa-eglot) is not installed"
)

MONEY = "orderdesk/money.py"
EDITS = edit_blocks(
    [
        (
            MONEY,
            '    cleaned = text.strip().removeprefix("$")\n',
            '    cleaned = text.strip().removeprefix("$").replace(",", "")\n',
        ),
        (
            MONEY,
            "    share = Decimal(cents) * percent / 100\n",
            "    share = Decimal(cents * percent) / 100\n",
        ),
    ]
)
_SESSION = """
(package-initialize)
(load (getenv "PAIRWRIGHT_EL"))
(setq eglot-confirm-server-initiated-edits nil eglot-sync-connect 20 eglot-connect-timeout 20
      project-find-functions (list (lambda (_) (cons 'transient (getenv "PAIRWRIGHT_ROOT")))))
(defvar told nil)
(defun tell (name value) (push (cons name value) told))
(defun wait (what) (with-timeout (50 (error "Not in time: %S" what))
  (while (not (eval what t)) (accept-process-output nil 0.05))))
(defun find-diff ()
  (seq-find (lambda (each) (string-prefix-p "*pairwright" (buffer-name each))) (buffer-list)))
(find-file (getenv "PAIRWRIGHT_FILE"))
(let ((text (current-buffer)) diff)
  (goto-char (point-min))
  (insert "# unsaved\\n")
  (pairwright-connect)
  (pairwright-edit "group the digits")
  (wait '(find-diff))
  (setq diff (find-diff))
  (tell "untouched" (with-current-buffer text (buffer-string)))
  (tell "cost" (plist-get pairwright-cost :taskUsd))
  (switch-to-buffer diff)
  (tell "diff" (buffer-string))
  (tell "k" (symbol-name (key-binding "k")))
  (pairwright-discard "not that")
  (tell "rest" (with-current-buffer diff (buffer-string)))
  (with-current-buffer diff (goto-char (point-min)) (pairwright-keep-all))
  (tell "isOpen" (if (buffer-live-p diff) t :json-false))
  (with-current-buffer text
    (tell "kept" (buffer-string))
    (pairwright-undo)
    (tell "undone" (buffer-string))
    (eglot-shutdown (eglot-current-server))))
(princ (json-encode told))
"""


def test_a_task_is_reviewed_hunk_by_hunk_and_undone(stage: Stage) -> None:
    """T29."""
    stage.server.answer_with(Answer(EDITS, usage=PRICED))
    before = (stage.root / MONEY).read_text("utf-8")
    told = _session(stage)
    assert told["untouched"] == f"# unsaved\n{before}"
    assert told["cost"].startswith("0.000")
    assert told["diff"].count("@@ ") == 2
    assert told["k"] == "pairwright-keep"
    assert 'replace(",", "")' not in told["rest"]
    assert told["rest"].count("@@ ") == 1
    wanted = before.replace("Decimal(cents) * percent", "Decimal(cents * percent)")
    assert told["kept"] == f"# unsaved\n{wanted}"
    assert told["isOpen"] is False
    assert told["undone"] == f"# unsaved\n{before}"
    assert (stage.root / MONEY).read_text("utf-8") == before


def _session(stage: Stage) -> dict[str, Any]:
    """Return what a batch session told."""
    script = stage.home / "session.el"
    script.write_text(_SESSION, "utf-8")
    ended = subprocess.run(
        [str(PROGRAM), "--batch", "--no-site-file", "-l", str(script)],
        cwd=stage.root,
        env={
            **stage.environment,
            "PAIRWRIGHT_EL": str(PROJECT / "clients" / "emacs" / "pairwright.el"),
            "PAIRWRIGHT_ROOT": f"{stage.root}/",
            "PAIRWRIGHT_FILE": str(stage.root / MONEY),
        },
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 0, next(line for line in ended.stderr.splitlines() if "rror" in line)
    told: dict[str, Any] = json.loads(ended.stdout)
    return told
