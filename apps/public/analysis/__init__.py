"""Discourse network analysis: who agrees with whom, where, and how it moves.

Functions over data frames of statements, to be used without the web too::

    from apps.public.analysis import once_per, one_mode
    one_mode(once_per(statements, "source"), "congruence")

A **statement** is a row: somebody (``actor``) takes a side (``stance``) on a ``proposition`` in a ``source`` on a
``date``. The terms are those of discourse network analysis (Leifeld 2017, "Discourse Network Analysis: Policy Debates
as Dynamic Networks", in The Oxford Handbook of Political Networks); formulas are as its software states them, see
``apps.public.analysis.networks``.
"""

from apps.public.analysis.divergence import consensus, divergence
from apps.public.analysis.moving import over_time
from apps.public.analysis.networks import NORMALISATIONS, ONE_MODE, TWO_MODE, one_mode, two_mode
from apps.public.analysis.opinions import mean_stance, on_scale, polarisation
from apps.public.analysis.statements import COLUMNS, PERIODS, frame, once_per, without
from apps.taxonomy.words import SCALE

__all__ = [
    "COLUMNS",
    "NORMALISATIONS",
    "ONE_MODE",
    "PERIODS",
    "SCALE",
    "TWO_MODE",
    "consensus",
    "divergence",
    "frame",
    "mean_stance",
    "on_scale",
    "once_per",
    "one_mode",
    "over_time",
    "polarisation",
    "two_mode",
    "without",
]
