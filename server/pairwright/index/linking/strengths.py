"""What does each use of a name weigh?"""

import numpy as np
from numpy.typing import NDArray

from pairwright.index.linking.joining import Links, Mask, NameTable, Rows, Vector
from pairwright.index.linking.names_used import BUILTIN, PRIVATE, TELLING, Weights

COMMON_DEFINERS = 5
"""A name that more files define says little about which of them is meant."""
TELLING_WEIGHT = 10.0
"""Of a long name of several words."""
LITTLE_WEIGHT = 0.1
"""Of a name that is common, private or the language's own, unless imports tell what is meant."""


class Strengths:
    """What each use in a graph weighs, whoever asks; and what it points at."""

    def __init__(
        self,
        uses: NameTable,
        weights: Weights,
        open_weights: Weights,
        definitions: NameTable,
        links: Links,
        traits: NDArray[np.uint8],
    ) -> None:
        """Weigh every use, by how often and by what its name's spelling says."""
        all_definers = np.bincount(definitions.name, minlength=len(traits))
        definers = all_definers[uses.name]
        trait = traits[uses.name]
        is_linked = np.zeros(len(definers), np.bool_)
        is_linked[links.use] = True
        is_free = (definers > 0) & (open_weights > 0.0)
        is_free[links.use] = False
        is_free[links.own] = False
        is_little = (trait == PRIVATE) | (trait == BUILTIN) | (definers > COMMON_DEFINERS)
        full: Vector = np.where(is_free, open_weights, weights).astype(np.float64)
        full *= np.where(trait == TELLING, TELLING_WEIGHT, 1.0)
        full *= is_free | is_linked
        self.full: Vector = full
        """Of each use; 0 when it leads nowhere."""
        self.weight: Vector = np.where(is_free & is_little, full * LITTLE_WEIGHT, full)
        """The same, as far as it is passed on."""
        self.is_certain: Mask = is_linked | (is_free & ~is_little)
        """Of each use, whether it can be said to be one of the definitions that it leads to."""
        self.free: Rows = np.flatnonzero(is_free)
        """The uses of which only the name is known."""
        self.use_file: Rows = uses.file.astype(np.intp)
        self.definition_file: Rows = definitions.file.astype(np.intp)
        self.link_share: Vector = 1.0 / np.bincount(links.use, minlength=1)[links.use]
        """Of each link: its part of what its use gives."""
        self.link_target: Rows = self.definition_file[links.definition]
        """Of each link: the file that it leads to."""
        is_used = np.zeros(len(traits), np.bool_)
        is_used[uses.name[self.free]] = True
        number = np.cumsum(is_used) - 1
        self.free_names = int(is_used.sum())
        """How many names the free uses have; these names are counted among themselves."""
        self.free_name: Rows = number[uses.name[self.free]]
        self.meant: Rows = np.flatnonzero(is_used[definitions.name])
        """The definitions that free uses may mean."""
        self.meant_name: Rows = number[definitions.name[self.meant]]
        self.meant_file: Rows = self.definition_file[self.meant]
        self.meant_share: Vector = 1.0 / all_definers[definitions.name[self.meant]]
