"""Words that are names and more: the list beside this file, and the closed sets that surround names."""

from __future__ import annotations

from pathlib import Path

PARTICLES = frozenset(
    "van von vom zu zur zum der den de del della delle dello dell di da dal dos das do du des la le les lo el al ul bin "
    "ibn bint ben ter ten af av e y und of st saint san santa mac mc o d l".split()
)
TITLES = frozenset(
    "mr mrs ms mx miss dr prof professor sir dame lord lady baroness baron general gen admiral adm marshal colonel col "
    "major maj captain capt commander lieutenant lt brigadier sergeant ambassador amb minister secretary undersecretary "
    "senator sen representative rep congressman congresswoman president premier chancellor director chair chairman "
    "chairwoman judge justice analyst moderator rapporteur colleague comrade monsieur madame herr frau".split()
)
_VERBS = (
    "accept accuse acknowledge add admit advise agree answer argue ask assert assume believe caution chair challenge claim "
    "clarify comment complain concede conclude concur confirm contend counter criticise criticize declare defend demur "
    "deny describe disagree dispute doubt echo elaborate emphasise emphasize endorse explain express favour favor grumble "
    "hint insist interject interrupt intervene introduce invite joke lament maintain mention moderate nod note object "
    "observe oppose outline persist plead point press promise propose protest query question quip quote reason recall "
    "recommend recount reiterate reject rejoin remark remind repeat reply respond retort say shrug signal snap speculate "
    "speak state stress submit suggest summarise summarize tell thank think underline underscore urge volunteer voice "
    "vote wonder worry write"
).split()
_IRREGULAR = (
    "said spoke told thought wrote felt swore denies denied replies replied implies implied queries queried worries worried "
    "specifies specified clarifies clarified testifies testified nodded quipped snapped shrugged demurred concurred"
).split()
SAYINGS = frozenset([*_IRREGULAR, *(verb + "s" for verb in _VERBS), *(verb.removesuffix("e") + "ed" for verb in _VERBS)])
AUXILIARIES = frozenset(
    "is was has had does did will would could should can might must isn wasn hasn hadn doesn didn won wouldn gave went made "
    "took saw came left held put kept found began brought drew got heard led meant met ran sat sent set stood taught "
    "understood chose lost spent himself herself also then later never once still too again alone who whose".split()
)
# What follows a common word that starts a sentence, ends in s or ed, and is no verb of somebody's.
NO_VERBS = frozenset(
    "as this its his us always across less versus vs plus perhaps towards besides sometimes series thus unless indeed need "
    "red armed shared united combined based overseas hundreds thousands others ours theirs those yes afterwards".split()
)
ARTICLES = frozenset("the a an this that these those our their his her its my your no any each every some such".split())
LEAD_TO_DATES = frozenset(
    "in since until till by from early late mid end last next this every each during before after of through to and or "
    "around between past the for beyond around".split()
)
LEAD_TO_PLACES = frozenset("in within across inside outside near throughout around via into at over beyond through".split())
LEAD_TO_PEOPLE = frozenset("by with from between thank thanks colleague per to".split())




def _sections() -> dict[str, frozenset[str]]:
    """The sections of the list, each with its words; pairs of words, in the section of phrases."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in Path(__file__).with_name("common_surnames.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            words = map(str.strip, line.split("|")) if section == "phrases" else line.split()
            found.setdefault(section, []).extend(words)
    return {section: frozenset(words) for section, words in found.items()}


_LIST = _sections()
FREQUENT, ROLES, MONTHS, PLACES, PHRASES = (_LIST[name] for name in ("words", "roles", "months", "places", "phrases"))
COMMON = FREQUENT | ROLES | MONTHS | PLACES | _LIST["seldom"] | _LIST["given"]
