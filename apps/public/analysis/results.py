"""The network that is asked for, of statements that were read: with thresholds, exclusions, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from apps.public.analysis.asking import TIES, Asked, Ties
from apps.public.analysis.networks import one_mode, two_mode
from apps.public.analysis.statements import once_per, without
from apps.taxonomy.words import SCALE

MOST_NODES = 2_000  # of a one-mode network: twice as many take four times the room
MOST_CELLS = 4_000_000  # of a two-mode network


class TooLarge(Exception):  # noqa: N818
    """A network that is too large to be made. ``enough`` is how many statements an actor needs for it to be made."""

    def __init__(self, nodes: int, others: int, enough: int) -> None:
        size = f"{nodes:,} by {others:,}" if others else f"{nodes:,}"
        most = f"{MOST_CELLS:,} cells" if others else f"{MOST_NODES:,}"
        super().__init__(f"That network would be one of {size}; at most {most} are drawn up.")
        self.enough = enough


@dataclass(frozen=True)
class Network:
    """A network of what statements say."""

    asked: Asked
    weights: pd.DataFrame  # rows by columns; those of a one-mode network are the same
    statements: dict[str, int]  # that each node has
    names: Mapping[str, str]  # what nodes are called
    counted: int  # statements that count
    repeated: int  # that were left out since they repeat others
    isolated: int  # nodes without a tie

    @property
    def how(self) -> Ties:
        return TIES[self.asked.ties]

    @property
    def is_two_mode(self) -> bool:
        return self.how.mode == "two-mode"

    @property
    def ties(self) -> int:
        """How many pairs are tied."""
        found = int(np.count_nonzero(self.weights.to_numpy()))
        return found if self.is_two_mode else found // 2

    @property
    def density(self) -> float:
        """The share of all pairs that are tied, from 0 to 1; 0 where there is no pair."""
        rows, columns = self.weights.shape
        pairs = rows * columns if self.is_two_mode else rows * (rows - 1) // 2
        return self.ties / pairs if pairs else 0.0

    def strongest(self, most: int) -> list[tuple[str, str, float]]:
        """The ties with the greatest weight on either side of 0, by name where they are alike: nodes and a weight."""
        cells = self.weights.to_numpy()
        rows, columns = np.nonzero(cells if self.is_two_mode else np.triu(cells, 1))
        weights = cells[rows, columns]
        order = np.argsort(-np.abs(weights), kind="stable")[:most]
        above, beside = self.weights.index, self.weights.columns
        return [(above[rows[place]], beside[columns[place]], float(weights[place])) for place in order.tolist()]


def network(frame: pd.DataFrame, names: Mapping[str, str], asked: Asked) -> Network:
    """What is asked for, of a frame of statements. Raises TooLarge."""
    kept = once_per(frame, asked.once)
    repeated = len(frame) - len(kept)
    kept = without(kept, actors=asked.without, propositions=asked.without, fewest=asked.fewest)
    kept = kept[kept["stance"].isin(list(SCALE))]
    ties = TIES[asked.ties]
    _check_size(kept, ties)
    if ties.mode == "two-mode":
        weights = two_mode(kept, cast("Any", ties.how), cast("Any", asked.normalise))
    else:
        weights = one_mode(kept, cast("Any", ties.how), cast("Any", asked.normalise), of=ties.of)
    if asked.least:
        weights = weights.where(weights.abs() >= asked.least, 0.0)
    tied_rows, tied_columns = (weights != 0).any(axis=1), (weights != 0).any(axis=0)
    isolated = int((~tied_rows).sum()) + (int((~tied_columns).sum()) if ties.mode == "two-mode" else 0)
    if not asked.isolates:
        weights = weights.loc[tied_rows, tied_columns]
    counts = {
        str(key): int(count)
        for column in ("actor", "proposition")
        for key, count in kept[column].value_counts().items()
        if count
    }
    return Network(asked, weights, counts, names, len(kept), repeated, isolated)


def _check_size(kept: pd.DataFrame, ties: Ties) -> None:
    of = kept[ties.of]
    nodes, others = of.nunique(), kept["proposition"].nunique() if ties.mode == "two-mode" else 0
    most = MOST_CELLS // max(1, others) if ties.mode == "two-mode" else MOST_NODES
    if nodes > most:
        counts = of.value_counts().to_numpy()
        raise TooLarge(nodes, others, int(counts[most]) + 1)
