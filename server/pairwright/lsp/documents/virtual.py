"""What does an editor see of a change, a plan or a receipt? Documents whose text only we know.

LSP 3.18, `workspace/textDocumentContent`. Their names:

    pairwright:/change/<task>.diff                      all that is pending, as a unified diff
    pairwright:/change/<task>/diff/<path>.diff          the same of one file
    pairwright:/change/<task>/original/<path>           the file as it is now
    pairwright:/change/<task>/proposed/<path>           the file with all that is pending
    pairwright:/plan/<id>.md
    pairwright:/receipt/<task>.md
    pairwright:/text/<key>.md                           an answer of this session

A path is only ever looked up among the files of its change: no name leads to another file.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types

from pairwright.engine.changes.previews import ChangePreview
from pairwright.errors import PathOutsideWorkspace, UnknownTask
from pairwright.lsp.review.cost_lenses import Receipts
from pairwright.lsp.session import Session
from pairwright.lsp.stream.connection import Work
from pairwright.lsp.stream.failures import ErrorCode, ProtocolError
from pairwright.lsp.stream.wire import structure
from pairwright.protocol.plan_messages import PlanGetParams
from pairwright.workspace.paths import WorkspacePath, parse_path

SCHEME = "pairwright"
MOST_KNOWN = 50
"""Texts of this session, and documents that a client is told to ask for anew."""
_MOST_URI = 5000
_MOST_LABEL = 200
_ID = r"(?P<id>[a-z0-9-]{1,64})"
_WHOLE = re.compile(rf"/change/{_ID}\.diff")
_OF_FILE = re.compile(rf"/change/{_ID}/(?P<side>diff|original|proposed)/(?P<path>.+)", re.DOTALL)
_NAMED = re.compile(rf"/(?P<kind>plan|receipt|text)/{_ID}\.md")

Side = Literal["diff", "original", "proposed"]


@dataclass(frozen=True, slots=True)
class ChangeDocument:
    """What a change does."""

    task_id: str
    side: Side = "diff"
    path: WorkspacePath | None = None
    """None, of a diff: all files."""


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A plan, a receipt or an answer."""

    kind: Literal["plan", "receipt", "text"]
    key: str


VirtualName = ChangeDocument | NamedDocument


def to_uri(name: VirtualName) -> str:
    """Return the URI of a virtual document."""
    if isinstance(name, NamedDocument):
        return f"{SCHEME}:/{name.kind}/{name.key}.md"
    if name.path is None:
        return f"{SCHEME}:/change/{name.task_id}.diff"
    suffix = ".diff" if name.side == "diff" else ""
    return f"{SCHEME}:/change/{name.task_id}/{name.side}/{quote(name.path)}{suffix}"


def is_virtual(uri: str) -> bool:
    """Tell whether a URI is of our scheme."""
    return uri.startswith(f"{SCHEME}:")


def read_uri(uri: str) -> VirtualName:
    """Return which document a URI names; clients write their escapes as they like.

    Raises:
        ProtocolError: none of ours.
    """
    try:
        parts = urlsplit(uri if len(uri) <= _MOST_URI else "")
    except ValueError:
        raise _unknown(uri) from None
    path = unquote(parts.path)
    if parts.scheme != SCHEME or parts.netloc or parts.query or parts.fragment or "\0" in path:
        raise _unknown(uri)
    if found := _WHOLE.fullmatch(path):
        return ChangeDocument(found["id"])
    if found := _NAMED.fullmatch(path):
        return NamedDocument(found["kind"], found["id"])  # type: ignore[arg-type]
    if found := _OF_FILE.fullmatch(path):
        side, name = found["side"], found["path"]
        if side == "diff" and not name.endswith(".diff"):
            raise _unknown(uri)
        try:
            file = parse_path(name.removesuffix(".diff") if side == "diff" else name)
        except PathOutsideWorkspace:
            raise _unknown(uri) from None
        return ChangeDocument(found["id"], side, file)  # type: ignore[arg-type]
    raise _unknown(uri)


class VirtualDocuments:
    """Answers one client that asks for texts."""

    def __init__(
        self,
        session: Session,
        receipts: Receipts,
        refresh: Callable[[str, Any], None],
    ) -> None:
        """Take what sends the client a request that it need not answer."""
        self._session = session
        self._receipts = receipts
        self._refresh = refresh
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._asked: OrderedDict[str, VirtualName] = OrderedDict()
        self.requests: Mapping[str, Callable[[Any], Work]] = {
            types.WORKSPACE_TEXT_DOCUMENT_CONTENT: self._begin,
        }

    def keep_text(self, key: str, text: str) -> str:
        """Keep a text while the session lasts; returns its URI."""
        self._texts[key] = text
        if len(self._texts) > MOST_KNOWN:
            self._texts.popitem(last=False)
        return to_uri(NamedDocument("text", key))

    async def text(self, name: VirtualName) -> str:
        """Return what a document says now.

        Raises:
            UserError: there is no such thing, or nothing of it is left to show.
        """
        if isinstance(name, ChangeDocument):
            return _of_change(name, await self._session.changes.preview(name.task_id))
        if name.kind == "plan":
            return (await self._session.plans.get(PlanGetParams(plan_id=name.key))).text
        if name.kind == "receipt":
            return self._receipts.document(name.key)
        if name.key not in self._texts:
            raise UnknownTask(f"there is no text {name.key!r} in this session: ask again")
        return self._texts[name.key]

    def change_moved(self, task_id: str) -> None:
        """Have the client ask anew for what it has of a change."""
        self._outdated(lambda name: isinstance(name, ChangeDocument) and name.task_id == task_id)

    def plan_moved(self, plan_id: str) -> None:
        """Have the client ask anew for a plan."""
        self._outdated(lambda name: name == NamedDocument("plan", plan_id))

    def _outdated(self, is_meant: Callable[[VirtualName], bool]) -> None:
        for uri, name in self._asked.items():
            if is_meant(name):
                self._refresh(types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH, {"uri": uri})

    def _begin(self, raw: Any) -> Work:
        params: types.TextDocumentContentParams = structure(types.TextDocumentContentParams, raw)
        name = read_uri(params.uri)
        self._asked[params.uri] = name
        self._asked.move_to_end(params.uri)
        if len(self._asked) > MOST_KNOWN:
            self._asked.popitem(last=False)

        async def work() -> Any:
            return {"text": await self.text(name)}

        return work


def _of_change(name: ChangeDocument, preview: ChangePreview) -> str:
    if name.path is None:
        return _whole_diff(preview)
    file = preview.file(name.path)
    if file is None:
        raise UnknownTask(f"nothing of {name.path!r} waits for a decision in this change")
    return {"diff": file.unified, "original": file.original, "proposed": file.proposed}[name.side]


def _whole_diff(preview: ChangePreview) -> str:
    """Return all diffs; what comes before the first heading is a remark to every reader of one."""
    label = " ".join(preview.label.split())[:_MOST_LABEL]
    remarks = [label] if label else []
    remarks += [f"left out, {each.path}: {each.reason}" for each in preview.conflicts]
    head = "".join(f"# {remark}\n" for remark in remarks)
    diffs = "".join(file.unified for file in preview.files)
    return f"{head}\n{diffs}" if head else diffs


def _unknown(uri: str) -> ProtocolError:
    return ProtocolError(ErrorCode.INVALID_PARAMS, f"{uri[:200]!r} is no document of Pairwright")
