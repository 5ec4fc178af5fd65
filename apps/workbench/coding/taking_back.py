"""What somebody did last in a source, as their session keeps it: taken back one by one, the last first."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.base import SessionBase

# A row's key, what it was before (None if it was not there), when it was edited before and by this, and the proposition
# that was made along. See saving.py and books.py.
Deed = dict[str, Any]

MOST = 50  # that are kept


class Deeds:
    """The deeds of somebody in one source; ``name`` tells the sources apart."""

    def __init__(self, session: SessionBase, name: str) -> None:
        self.session, self.name = session, f"done: {name}"

    def __bool__(self) -> bool:
        return bool(self.session.get(self.name))

    def add(self, deed: Deed) -> None:
        self._keep([*self.session.get(self.name, []), deed])

    def take_last(self) -> Deed | None:
        deeds = self.session.get(self.name, [])
        if not deeds:
            return None
        self._keep(deeds[:-1])
        return deeds[-1]  # type: ignore[no-any-return]

    def was_taken_back(self, deed: Deed, now: str) -> None:
        """Let what was done to the row before a deed be taken back next: ``now`` is when the row was edited by taking
        that deed back. What somebody else did in between is not passed over: the times tell."""
        deeds = self.session.get(self.name, [])
        for one in deeds:
            if one["row"] == deed["row"] and one["saved"] == deed["found"]:
                one["saved"] = now
        self._keep(deeds)

    def _keep(self, deeds: list[Deed]) -> None:
        self.session[self.name] = deeds[-MOST:]
