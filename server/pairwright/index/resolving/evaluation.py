"""What does a chain of names mean in a scope? Followed through imports, classes and types.

Nothing here recurses further than the bounds below, whatever the files say.
"""

from collections.abc import Iterable
from dataclasses import replace

from pairwright.index.index import Index
from pairwright.index.resolving.bounds import Bounds, ShouldStop, never
from pairwright.index.resolving.files import (
    CONTAINERS,
    FUNCTIONS,
    TYPES,
    WHOLE_FILE,
    FileNames,
    first_of,
)
from pairwright.index.resolving.known import known_of
from pairwright.index.resolving.meanings import (
    MAX_MEANINGS,
    NOTHING,
    UNKNOWN,
    Confidence,
    Meaning,
    Meanings,
    merged,
)
from pairwright.index.resolving.modules import (
    imported_file,
    outermost_module,
    python_module,
    submodule,
)
from pairwright.index.resolving.written_types import returned_types, type_chains
from pairwright.syntax.outline import UNKNOWN_RECEIVER, Import, Symbol, SymbolKind

MAX_ANCESTORS = 60
"""Classes above one that are looked through."""
MAX_DEPTH = 12
"""Steps from a name to what it means: re-exports, types of types."""
MAX_FILES_AT_HAND = 200
"""Whose names one question holds on to."""


class Evaluator:
    """Follows names through one index for one question; what was found is kept for others.

    Not for two threads at once, unlike what is kept.
    """

    def __init__(self, index: Index, should_stop: ShouldStop = never) -> None:
        """Read nothing yet.

        Args:
            index: where to look.
            should_stop: asked now and then; once it says so, nothing more is followed.
        """
        self.index = index
        self.known = known_of(index)
        self._files: dict[str, FileNames | None] = {}
        self.bounds = Bounds(should_stop)
        """Invariant: what needs itself to be known is unknown."""
        self._classes_deep = 0

    def file(self, path: str) -> FileNames | None:
        """Return the names of a file; None: it is not there, or no code."""
        if path not in self._files:
            if len(self._files) >= MAX_FILES_AT_HAND:
                self._files.clear()
            self._files[path] = self.known.files.get(self.index, path)
        return self._files[path]

    def symbols_of(self, meaning: Meaning) -> list[Symbol]:
        """Return every definition that a meaning stands for."""
        names = self.file(meaning.path)
        return names.by_qualified_name.get(meaning.qualified_name, []) if names else []

    def chain(self, names: FileNames, scope: int, chain: str, depth: int = 0) -> Meanings:
        """Return what a dotted chain means in a scope."""
        key = (names.path, scope, chain)
        found = self.known.chains.get(key)
        if found is None:
            if depth > MAX_DEPTH or not self.bounds.opens(key):
                return UNKNOWN
            receiver, _, name = chain.rpartition(".")
            found = self.name(names, scope, receiver, name, depth)
            if receiver and not found.found and found.is_known:
                holders = self.chain(names, scope, receiver, depth + 1)
                # What no class defines is made at run time, such as the managers of models.
                is_made = any(each.is_object for each in self._objects(holders, depth + 1).found)
                found = replace(found, is_known=not is_made)
            self.bounds.closes(key)
            self.known.chains[key] = found
        return found

    def name(
        self, names: FileNames, scope: int, receiver: str, name: str, depth: int = 0
    ) -> Meanings:
        """Return what a name means after its receiver; a call's parentheses may follow it."""
        is_called = name.endswith("()") and name not in names.dialect.parent_object
        name = name.removesuffix("()") if is_called else name
        if not receiver:
            found = self._bare(names, scope, name, depth)
        elif receiver.startswith(UNKNOWN_RECEIVER):
            return UNKNOWN
        elif receiver in names.dialect.parent_object:
            found = self._of_parents(names, scope, name)
        else:
            holder = self.chain(names, scope, receiver, depth + 1)
            found = self._members(holder, name, depth)
        return self._objects(found, depth) if is_called else found

    def taken(self, names: FileNames, scope: int, holder: str, name: str) -> Meanings:
        """Return the property that a pattern takes by its name from what is written after it."""
        return self._members(self._of_types(names, ((holder, scope),), 1), name, 1)

    def bases(self, meaning: Meaning) -> tuple[tuple[Meaning, ...], bool]:
        """Return the classes that a class names as its bases, and whether all were found."""
        names = self.file(meaning.path)
        if names is None:
            return (), False
        first = first_of(names.by_qualified_name, meaning.qualified_name)
        scope = names.scope_at(first.range.start) if first else WHOLE_FILE
        found: list[Meaning] = []
        is_complete = True
        for receiver, name in names.bases.get(meaning.qualified_name, ()):
            meant = self.chain(names, scope, f"{receiver}.{name}" if receiver else name, 1)
            classes = [each for each in meant.found if each != meaning]
            found += classes[:MAX_MEANINGS]
            is_complete = is_complete and bool(classes)
        return tuple(dict.fromkeys(found)), is_complete

    def ancestors(self, meaning: Meaning) -> tuple[tuple[Meaning, ...], bool]:
        """Return the classes above one, nearest first, and whether none is out of sight."""
        key = (meaning.path, meaning.qualified_name)
        known = self.known.ancestors.get(key)
        if known is None:
            if self._classes_deep > MAX_DEPTH or not self.bounds.opens(("ancestors", *key)):
                return (), False
            self._classes_deep += 1
            try:
                known = self.known.ancestors[key] = self._above(Meaning(*key))
            finally:
                self._classes_deep -= 1
            self.bounds.closes(("ancestors", *key))
        return known

    def member(self, holder: Meaning, name: str) -> Meanings:
        """Return a member of a class, its own or one from above."""
        own = self._own_member(holder, name)
        if own is not None:
            return Meanings((own,), Confidence.LIKELY if holder.is_object else Confidence.EXACT)
        above, is_complete = self.ancestors(holder)
        for each in above:
            inherited = self._own_member(each, name)
            if inherited is not None:
                return Meanings((inherited,), Confidence.LIKELY)
        return Meanings((), Confidence.LIKELY, is_known=is_complete)

    def export(self, path: str, name: str, depth: int = 0) -> Meanings:
        """Return what a module calls by a name: its own, imported or passed on."""
        key = (path, name)
        found = self.known.exports.get(key)
        if found is None:
            if depth > MAX_DEPTH or not self.bounds.opens(key):
                return NOTHING
            found = self.known.exports[key] = self._export(path, name, depth)
            self.bounds.closes(key)
        return found

    def imported(self, names: FileNames, imported: Import, depth: int = 0) -> Meanings:
        """Return what an import binds."""
        module = imported.module
        if not names.dialect.are_headers_outside:
            path = imported_file(self.index, module, names.path)
            if path is None:
                return NOTHING
            if not imported.name:
                return self._default_export(path, imported, depth)
            return self.export(path, imported.name, depth + 1)
        if not imported.name:
            find = outermost_module if imported.alias == module.partition(".")[0] else python_module
            path = find(self.index, module, names.path)
            return Meanings((Meaning(path),)) if path else NOTHING
        path = python_module(self.index, module, names.path)
        if path is not None:
            return self.export(path, imported.name, depth + 1)
        joined = f"{module}{'' if module.endswith('.') else '.'}{imported.name}"
        path = python_module(self.index, joined, names.path)
        return Meanings((Meaning(path),)) if path else NOTHING

    def _above(self, start: Meaning) -> tuple[tuple[Meaning, ...], bool]:
        found: dict[Meaning, None] = {}
        waiting, is_complete = [start], True
        while waiting and len(found) <= MAX_ANCESTORS:
            bases, are_all = self.bases(waiting.pop(0))
            is_complete = is_complete and are_all
            for base in bases:
                if base not in found and base[:2] != start[:2]:
                    found[base] = None
                    waiting.append(base)
        return tuple(found), is_complete and not waiting

    def _default_export(self, path: str, imported: Import, depth: int) -> Meanings:
        """A default import and a namespace look alike: the name decides, if there is one."""
        names = self.file(path)
        meant = self.export(path, imported.alias, depth + 1).found or (
            [Meaning(path, name) for name in names.defaults] if names else ()
        )
        return Meanings((*meant[:1], Meaning(path)))

    def _bare(self, names: FileNames, scope: int, name: str, depth: int) -> Meanings:
        if name in names.dialect.own_object and not names.dialect.is_own_object_bound:
            return self._own_object(names, scope)
        is_innermost = True
        while scope != WHOLE_FILE:
            symbol = names.symbols[scope]
            if symbol.kind in FUNCTIONS:
                found = self._local(names, scope, name, depth)
            elif names.sees_members(symbol, is_innermost=is_innermost):
                found = self._class_name(names, symbol, name)
            else:
                found = None
            if found is None:
                found = self._from_imports(names, scope, name, depth)
            if found is not None:
                return found
            if symbol.kind is SymbolKind.METHOD and names.dialect.are_members_bare:
                holder = symbol.qualified_name.rpartition(".")[0]
                meant = self.member(Meaning(names.path, holder, is_object=True), name)
                if meant.found:
                    return meant
            scope = names.parents[scope]
            is_innermost = False
        return self.export(names.path, name, depth)

    def _own_object(self, names: FileNames, scope: int) -> Meanings:
        holder = names.class_around(scope)
        if holder is None:
            return UNKNOWN
        return Meanings((Meaning(names.path, holder, is_object=True),), Confidence.LIKELY)

    def _local(self, names: FileNames, scope: int, name: str, depth: int) -> Meanings | None:
        """Return what a name that is bound in a function means; None: it is not."""
        symbol = names.symbols[scope]
        types = names.locals.get(scope, {}).get(name)
        nested = names.members.get(symbol.qualified_name, {}).get(name)
        if nested is not None:
            return Meanings((Meaning(names.path, nested),))
        if types is None:
            return None
        if name in names.dialect.own_object and symbol.kind is SymbolKind.METHOD:
            return self._own_object(names, scope)
        if not types:
            return UNKNOWN
        return self._of_types(names, [(text, scope) for text in types], depth)

    def _class_name(self, names: FileNames, symbol: Symbol, name: str) -> Meanings | None:
        qualified = names.members.get(symbol.qualified_name, {}).get(name)
        if qualified is None or (qualified in names.fields and not names.dialect.are_members_bare):
            return None
        return Meanings((Meaning(names.path, qualified),))

    def _from_imports(self, names: FileNames, scope: int, name: str, depth: int) -> Meanings | None:
        imports = names.imports.get(scope, {}).get(name)
        if imports is None:
            return None
        return merged(self.imported(names, each, depth + 1) for each in imports[:MAX_MEANINGS])

    def _export(self, path: str, name: str, depth: int) -> Meanings:
        names = self.file(path)
        if names is None:
            return self._submodule(path, name)
        own = names.members.get("", {}).get(name)
        imports = self._from_imports(names, WHOLE_FILE, name, depth)
        if own is not None:
            own_meaning = Meanings((Meaning(path, own),))
            return merged((own_meaning, imports)) if imports else own_meaning
        if imports is not None and imports.found:
            return imports
        for wildcard in names.wildcards:
            meant = self._from_wildcard(names, wildcard, name, depth)
            if meant.found:
                return meant
        return self._submodule(path, name)

    def _from_wildcard(self, names: FileNames, wildcard: Import, name: str, depth: int) -> Meanings:
        is_python = names.dialect.are_headers_outside
        find = python_module if is_python else imported_file
        origin = find(self.index, wildcard.module, names.path)
        if origin is None or (is_python and name.startswith("_")):
            return NOTHING
        return self.export(origin, name, depth + 1)

    def _submodule(self, path: str, name: str) -> Meanings:
        found = submodule(self.index, path, name)
        return Meanings((Meaning(found),)) if found else NOTHING

    def _of_parents(self, names: FileNames, scope: int, name: str) -> Meanings:
        holder = names.class_around(scope)
        if holder is None:
            return UNKNOWN
        above, is_complete = self.ancestors(Meaning(names.path, holder))
        for each in above:
            inherited = self._own_member(each, name)
            if inherited is not None:
                return Meanings((inherited,), Confidence.LIKELY)
        return Meanings((), Confidence.LIKELY, is_known=is_complete)

    def _members(self, holders: Meanings, name: str, depth: int) -> Meanings:
        if not holders.found:
            return holders
        found = [self._member_of(holder, name, depth) for holder in holders.found]
        members = merged(found)
        return replace(
            members,
            confidence=min(members.confidence, holders.confidence),
            is_known=members.is_known and holders.is_known,
        )

    def _member_of(self, holder: Meaning, name: str, depth: int) -> Meanings:
        if not holder.qualified_name:
            return self.export(holder.path, name, depth)
        symbols = self.symbols_of(holder)
        if symbols and (symbols[0].kind in CONTAINERS or holder.is_object):
            return self.member(holder, name)
        objects = self._objects(Meanings((holder,)), depth)
        if not objects.found:
            return objects
        return merged(self.member(each, name) for each in objects.found)

    def _own_member(self, holder: Meaning, name: str) -> Meaning | None:
        names = self.file(holder.path)
        qualified = names and names.members.get(holder.qualified_name, {}).get(name)
        return Meaning(holder.path, qualified) if qualified else None

    def _objects(self, meanings: Meanings, depth: int) -> Meanings:
        """Return the objects that calling, or holding, these gives."""
        if depth > MAX_DEPTH:
            return UNKNOWN
        parts = [self._object(each, depth) for each in meanings.found[:MAX_MEANINGS]]
        if not parts:
            return meanings
        return replace(merged(parts), confidence=min(Confidence.LIKELY, meanings.confidence))

    def _object(self, meaning: Meaning, depth: int) -> Meanings:
        if meaning.is_object:
            return Meanings((meaning,))
        key = ("object", meaning.path, meaning.qualified_name)
        found = self.known.objects.get(meaning)
        if found is None:
            if not self.bounds.opens(key):
                return UNKNOWN
            found = self.known.objects[meaning] = self._held(meaning, depth)
            self.bounds.closes(key)
        return found

    def _held(self, meaning: Meaning, depth: int) -> Meanings:
        """Return the objects that calling, or holding, a definition gives."""
        names, symbols = self.file(meaning.path), self.symbols_of(meaning)
        if names is None or not symbols:
            return UNKNOWN
        symbol = symbols[0]
        if symbol.kind in TYPES:
            return Meanings((meaning._replace(is_object=True),))
        if symbol.kind in FUNCTIONS and not names.dialect.is_scripted:
            return self._returned(names, symbols, depth)
        types = names.types.get(meaning.qualified_name)
        written = self._of_types(names, types, depth) if types else UNKNOWN
        if symbol.kind is not SymbolKind.TYPE or meaning.qualified_name not in names.members:
            return written
        return merged((Meanings((meaning._replace(is_object=True),), Confidence.LIKELY), written))

    def _returned(self, names: FileNames, symbols: list[Symbol], depth: int) -> Meanings:
        """Return what functions of one name say that they return."""
        texts = returned_types(symbols)
        if not texts:
            return UNKNOWN
        holder = symbols[0].qualified_name.rpartition(".")[0]
        if any(text.rpartition(".")[2] == "Self" for text in texts) and holder:
            return Meanings((Meaning(names.path, holder, is_object=True),), Confidence.LIKELY)
        scope = names.scope_at(symbols[0].range.start)
        return self._of_types(names, [(text, scope) for text in texts], depth)

    def _of_types(self, names: FileNames, types: Iterable[tuple[str, int]], depth: int) -> Meanings:
        """Return the objects of types that are written down, called or named."""
        if depth > MAX_DEPTH:
            return UNKNOWN
        found = []
        for text, scope in list(types)[:MAX_MEANINGS]:
            for chain in type_chains(text, names.dialect):
                meant = self.chain(names, scope, chain, depth + 1)
                found.append(self._objects(meant, depth + 1))
        objects = merged(found) if found else UNKNOWN
        return replace(objects, confidence=min(Confidence.LIKELY, objects.confidence))
