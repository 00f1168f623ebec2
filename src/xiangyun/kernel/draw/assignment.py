"""Who visits what was drawn: so many of each team, by lot, among those who may.

Every object and team has tickets of its own, so that a recusal later changes nothing elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from xiangyun.kernel.draw.frame import Frame, Inspector
from xiangyun.kernel.draw.order import Team
from xiangyun.kernel.draw.selection import Visit
from xiangyun.kernel.draw.tickets import Tickets


@dataclass(frozen=True, slots=True)
class Recusal:
    """An inspector who is not to visit an object, as was decided after the draw."""

    object: str
    inspector: str


_NOWHERE = ","  # no place begins so


class Roster:
    """The inspectors of each team and place, as long as they may visit more objects."""

    def __init__(self, inspectors: Iterable[Inspector]) -> None:
        self.by_code = {each.code: each for each in inspectors}
        self.left = {code: each.at_most for code, each in self.by_code.items()}
        self._places: dict[str, list[str]] = {}
        self._teams: dict[str, dict[str, list[Inspector]]] = {}
        self._pools: dict[tuple[str, str], list[Inspector]] = {}
        self._covering: dict[tuple[str, str], str] = {}
        for each in self.by_code.values():
            self._teams.setdefault(each.team, {}).setdefault(each.place, []).append(each)
        for team, places in self._teams.items():
            self._places[team] = sorted(places, key=len, reverse=True)

    def pool(self, team: str, place: str) -> list[Inspector]:
        """Those of a team who may still visit at a place, sorted by code.

        Places that the same inspectors cover share one list.
        """
        covering = self._covering.get((team, place))
        if covering is None:
            begins = (p for p in self._places.get(team, ()) if place.startswith(p))
            covering = self._covering[team, place] = next(begins, _NOWHERE)
        found = self._pools.get((team, covering))
        if found is None:
            found = [
                each
                for begin, some in self._teams.get(team, {}).items()
                if covering.startswith(begin) and covering != _NOWHERE
                for each in some
                if self.left[each.code]
            ]
            found.sort(key=lambda each: each.code)
            self._pools[team, covering] = found
        return found

    def take(self, inspector: Inspector) -> None:
        """One object more for an inspector; who has as many as allowed leaves the pools."""
        self.left[inspector.code] -= 1
        if not self.left[inspector.code]:
            for (team, covering), pool in self._pools.items():
                if team == inspector.team and covering.startswith(inspector.place):
                    pool.remove(inspector)

    def give_back(self, inspector: Inspector) -> None:
        """One object less for an inspector."""
        self.left[inspector.code] += 1
        if self.left[inspector.code] == 1:
            self._pools.clear()


def assign(
    frame: Frame,
    drawn: Sequence[Visit],
    inspectors: Iterable[Inspector],
    teams: Sequence[Team],
    seed: str,
    recusals: Sequence[Recusal] = (),
) -> None:
    """Say with each visit who goes there; nobody goes to what was skipped.

    Then the recusals in their order: whoever is recused is struck, and drawn anew with the next
    tickets of the object and team. A recusal of somebody who does not go there changes nothing.
    """
    lots = _Lots(frame, Roster(inspectors), seed, {each.object for each in recusals})
    for visit in drawn:
        if not visit.skipped:
            for team in teams:
                lots.send(visit, team.name, team.inspectors)
    for recusal in recusals:
        lots.redraw(recusal)


class _Lots:
    """The lots over inspectors; `kept`: objects for which more will be drawn later."""

    def __init__(self, frame: Frame, roster: Roster, seed: str, kept: Collection[str]) -> None:
        self.frame, self.roster, self.seed, self.kept = frame, roster, seed, kept
        self.visits: dict[str, Visit] = {}
        self.used: dict[tuple[str, str], int] = {}

    def send(self, visit: Visit, team: str, number: int) -> None:
        """So many of a team by lot; who is recused is struck and the next one drawn."""
        code = self.frame.code(visit.row)
        pool = self.roster.pool(team, self.frame.place(visit.row))
        gone: list[tuple[int, Inspector]] = []
        used = self.used.get((code, team), 0)
        if used:  # at a redraw: who goes there or was struck is no candidate any more
            known = {*visit.inspectors.split(), *visit.struck.split()}
            for at in range(len(pool) - 1, -1, -1):
                if f"{team}/{pool[at].code}" in known:
                    gone.append((at, pool.pop(at)))
        tickets = Tickets(self.seed, f"inspector/{code}/{team}", used)
        sent: list[Inspector] = []
        while len(sent) < number and pool:
            at = tickets.below(len(pool))
            chosen = pool.pop(at)
            gone.append((at, chosen))
            if code in chosen.recused:
                visit.struck = _with(visit.struck, f"{team}/{chosen.code}")
            else:
                sent.append(chosen)
                visit.inspectors = _with(visit.inspectors, f"{team}/{chosen.code}")
        for at, each in reversed(gone):
            pool.insert(at, each)
        for each in sent:
            self.roster.take(each)
        if len(sent) < number and team not in visit.short.split():
            visit.short = _with(visit.short, team)
        if code in self.kept:
            self.visits[code] = visit
            self.used[code, team] = tickets.used

    def redraw(self, recusal: Recusal) -> None:
        """Strike whoever is recused and draw another one of the same team."""
        visit = self.visits.get(recusal.object)
        inspector = self.roster.by_code.get(recusal.inspector)
        if visit is None or inspector is None:
            return
        named = f"{inspector.team}/{inspector.code}"
        going = visit.inspectors.split()
        if named not in going:
            return
        going.remove(named)
        visit.inspectors, visit.struck = " ".join(going), _with(visit.struck, named)
        self.roster.give_back(inspector)
        self.send(visit, inspector.team, 1)


def _with(some: str, one: str) -> str:
    return f"{some} {one}" if some else one
