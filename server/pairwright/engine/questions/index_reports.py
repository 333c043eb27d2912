"""What does the index say of itself? How true it is, how far it is, and what it holds."""

from pairwright.index.analysis import Analysis
from pairwright.index.index import Index
from pairwright.index.progress import Progress
from pairwright.protocol import index_messages as messages
from pairwright.syntax.languages.registry import language_of

_MOST_UNREAD = 200


def freshness_of(analysis: Analysis, progress: Progress, *, is_checked: bool) -> messages.Freshness:
    """Return how far an answer from this analysis can be trusted."""
    return messages.Freshness(
        revision=analysis.snapshot.revision,
        files=progress.files,
        pending=progress.pending,
        is_complete=progress.is_complete,
        is_checked=is_checked,
    )


def to_progress(progress: Progress) -> messages.IndexProgress:
    """Return how far the index is, as it is told to clients."""
    return messages.IndexProgress(
        files=progress.files,
        pending=progress.pending,
        parsed=progress.parsed,
        cached=progress.cached,
    )


def report_on(analysis: Analysis, progress: Progress, notice: str) -> messages.IndexReport:
    """Return what the index knows. Blocking, for as long as it takes to hash it: for a thread."""
    index, unreadable = analysis.index, analysis.snapshot.unreadable
    unread = [
        messages.UnreadFile(path=path, reason=reason) for path, reason in sorted(unreadable.items())
    ]
    return messages.IndexReport(
        freshness=freshness_of(analysis, progress, is_checked=False),
        languages=_languages(index),
        symbols=index.symbol_count,
        references=index.reference_count,
        parsed=progress.parsed,
        cached=progress.cached,
        problems=len(index.problems),
        unread=tuple(unread[:_MOST_UNREAD]),
        unread_count=len(unread),
        notice=notice,
        table_hash=index.table_hash(),
        elapsed_s=round(progress.elapsed_s, 3),
    )


def _languages(index: Index) -> tuple[messages.LanguageCount, ...]:
    reasons: dict[str, list[str]] = {}
    for path, reason in index.not_parsed.items():
        language = language_of(path)
        reasons.setdefault(language.name if language else "", []).append(reason)
    return tuple(
        messages.LanguageCount(
            language=name,
            files=count,
            not_parsed=len(reasons.get(name, ())),
            reason=", ".join(sorted(set(reasons.get(name, ())))),
        )
        for name, count in index.languages.items()
    )
