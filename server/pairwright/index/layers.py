"""How are an index's layers kept few, at little cost a change?

As in a log-structured merge tree: small layers are merged as they come, large ones when someone has
the time (`compacted`). Every path is live in one layer at most, so that any layers can be merged.
"""

from collections.abc import Mapping

from pairwright.index.names import Names
from pairwright.index.segment import (
    MAX_SEGMENT_FILES,
    IndexedFile,
    Layer,
    layer_of,
    merged,
)
from pairwright.workspace.paths import WorkspacePath

MAX_MERGED_AT_ONCE = 128
"""Files that a change may have to merge besides its own."""
_FEW = 4
"""So many layers more than needed do not matter."""
_MOST_MASKED = 1 / 3
"""Of a layer's files, before it lets go of them: until then their outlines take room."""

Layers = tuple[Layer, ...]


def with_changes(
    layers: Layers, changes: Mapping[WorkspacePath, IndexedFile | None], names: Names
) -> Layers:
    """Return layers with files added, replaced, or (None) taken away."""
    kept = [_dense(layer.without(changes.keys())) for layer in layers]
    kept = [layer for layer in kept if layer.size]
    files = sorted((file for file in changes.values() if file is not None), key=_path)
    for start in range(0, len(files), MAX_SEGMENT_FILES):
        kept.append(layer_of(files[start : start + MAX_SEGMENT_FILES], names))
        _merge_small(kept)
    return tuple(kept)


def compacted(layers: Layers) -> Layers:
    """Return layers with the same files, as few as there can be; what is masked is let go."""
    done: list[Layer] = []
    group: list[Layer] = []
    for layer in sorted(layers, key=_size):
        if group and sum(map(_size, group)) + layer.size > MAX_SEGMENT_FILES:
            done.append(_one(group))
            group = []
        group.append(layer)
    if group:
        done.append(_one(group))
    return tuple(reversed(done))


def is_scattered(layers: Layers) -> bool:
    """Tell whether merging would make questions noticeably cheaper."""
    size = sum(map(_size, layers))
    held = sum(len(layer.segment.files) for layer in layers)
    is_much_masked = held > 2 * size + MAX_SEGMENT_FILES
    return is_much_masked or len(layers) > 1.5 * size / MAX_SEGMENT_FILES + _FEW


def _merge_small(layers: list[Layer]) -> None:
    """Merge the last layers as long as each is no more than twice as large as what follows it."""
    count, size = 1, layers[-1].size
    while count < len(layers):
        before = layers[-1 - count].size
        if before > 2 * size or size + before > MAX_MERGED_AT_ONCE:
            break
        count, size = count + 1, size + before
    if count > 1:
        layers[-count:] = [merged(layers[-count:])]


def _dense(layer: Layer) -> Layer:
    """Return a layer without what it masks, if that is much."""
    held = len(layer.segment.files)
    return merged([layer]) if layer.size and held - layer.size > _MOST_MASKED * held else layer


def _one(layers: list[Layer]) -> Layer:
    only = layers[0]
    is_whole = len(layers) == 1 and only.size == len(only.segment.files)
    return only if is_whole else merged(layers)


def _size(layer: Layer) -> int:
    return layer.size


def _path(file: IndexedFile) -> str:
    return file.path
