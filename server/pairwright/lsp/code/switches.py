"""Which questions about code does a client put to us, and which to a better server?

Beside a real language server most of ours would be seen twice, so few are on by default. What the
client says at `initialize` counts more than the settings, which are read after it is answered: what
they add is registered then. Light to import, since `initialize` waits for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TEXT_DOCUMENT = "textDocument"


@dataclass(frozen=True, slots=True)
class Feature:
    """A kind of question that can be switched off by itself."""

    name: str
    """In the client's `initializationOptions`; in the settings with underscores."""
    methods: tuple[str, ...]
    """The first one is what is registered."""
    is_default: bool = False
    section: str = _TEXT_DOCUMENT
    """Where among the client's capabilities it is; its own name is that of the feature."""

    @property
    def setting(self) -> str:
        """Its name in the settings."""
        return "".join(f"_{each.lower()}" if each.isupper() else each for each in self.name)

    @property
    def provider(self) -> str:
        """Its name among the server's capabilities."""
        return f"{self.name}Provider"


FEATURES = (
    Feature("workspaceSymbol", ("workspace/symbol",), is_default=True, section="workspace"),
    Feature("selectionRange", ("textDocument/selectionRange",), is_default=True),
    Feature("documentSymbol", ("textDocument/documentSymbol",)),
    Feature("definition", ("textDocument/definition",)),
    Feature("references", ("textDocument/references",)),
    Feature("hover", ("textDocument/hover",)),
    Feature("foldingRange", ("textDocument/foldingRange",)),
    Feature(
        "callHierarchy",
        (
            "textDocument/prepareCallHierarchy",
            "callHierarchy/incomingCalls",
            "callHierarchy/outgoingCalls",
        ),
    ),
    Feature(
        "typeHierarchy",
        (
            "textDocument/prepareTypeHierarchy",
            "typeHierarchy/supertypes",
            "typeHierarchy/subtypes",
        ),
    ),
)

_CLIENT_SECTIONS = {"workspaceSymbol": "symbol"}
"""Where the client's capability is called otherwise."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a client said of the features, by their names."""

    on: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    registers: frozenset[str] = frozenset()
    """Those that it lets us register later."""

    @property
    def offered(self) -> tuple[Feature, ...]:
        """What `initialize` is answered with: the settings are not known by then."""
        return tuple(
            feature
            for feature in FEATURES
            if feature.name in self.on or (feature.is_default and feature.name not in self.off)
        )

    @property
    def awaits_settings(self) -> bool:
        """Whether the settings may add something."""
        known = {feature.name for feature in self.offered}
        return bool(self.registers - known - self.off)

    def is_on(self, feature: Feature, settings: Any) -> bool:
        """Tell whether a feature is on; `settings` has a truth value by the name of each."""
        if feature.name in self.on or feature.name in self.off:
            return feature.name in self.on
        return bool(getattr(settings, feature.setting))

    def to_register(self, settings: Any) -> tuple[Feature, ...]:
        """Return what the settings add to what was offered, as far as the client lets us."""
        return tuple(
            feature
            for feature in FEATURES
            if feature not in self.offered
            and feature.name in self.registers
            and self.is_on(feature, settings)
        )


NOTHING_SAID = Choices()


def read_choices(options: Any, capabilities: Mapping[str, Any]) -> Choices:
    """Return what `initializationOptions` and the capabilities say of the features.

    Anything may stand in a client's options: what is no truth value of ours says nothing.
    """
    switches = options.get("features") if isinstance(options, dict) else None
    said = switches if isinstance(switches, dict) else {}
    names = [feature.name for feature in FEATURES]
    return Choices(
        on=frozenset(name for name in names if said.get(name) is True),
        off=frozenset(name for name in names if said.get(name) is False),
        registers=frozenset(_registrable(capabilities)),
    )


def _registrable(capabilities: Mapping[str, Any]) -> Iterator[str]:
    for feature in FEATURES:
        section = capabilities.get(feature.section)
        name = _CLIENT_SECTIONS.get(feature.name, feature.name)
        own = section.get(name) if isinstance(section, dict) else None
        if isinstance(own, dict) and own.get("dynamicRegistration") is True:
            yield feature.name
