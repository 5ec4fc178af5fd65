"""Words that are names and more: the list beside this file, and the closed sets that surround names."""

from __future__ import annotations

from pathlib import Path

SHORT = 3  # letters of a surname that is a syllable of much else: Li, Ng, Xu, Ma
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
# What people do at a workshop, as nothing else does; then what is a noun too, so that Price signals are no sentence.
_VERBS = (
    "accept accuse acknowledge add admit advise agree apologise apologize argue ask assert assume believe caution clarify "
    "complain concede conclude concur confirm contend criticise criticize declare defend demur describe disagree dismiss "
    "dissent elaborate emphasise emphasize endorse expect explain express foresee grumble insist interject interpret "
    "interrupt intervene introduce invite lament maintain mention observe oppose persist plead predict prefer propose quip "
    "quote read recall recommend recount refuse reiterate reject rejoin remain remark remind reply respond retort say "
    "speculate speak submit suggest summarise summarize suspect tell thank think underline underscore urge volunteer want "
    "warn welcome wonder write"
).split()
_VERBS_AND_NOUNS = (
    "answer back call challenge chair cite claim comment compare compute counter demand deny discuss dispute doubt draft "
    "echo estimate favour favor fear hint hope joke moderate note nod object offer outline plan point present press promise "
    "protest query question raise reason repeat report shrug signal snap state stress support view voice vote welcome wish "
    "worry"
).split()
_ACTS = "chair preside moderate speak object respond intervene".split()
_IRREGULAR = (
    "said spoke told thought wrote felt swore denies denied replies replied implies implied queries queried worries worried "
    "specifies specified clarifies clarified testifies testified nodded quipped snapped shrugged demurred concurred foresaw "
    "preferred"
).split()
SAYINGS = frozenset(
    [
        *_IRREGULAR,
        *(verb + "s" for verb in _VERBS),
        *(verb.removesuffix("e") + "ed" for verb in (*_VERBS, *_VERBS_AND_NOUNS)),
        *(verb.removesuffix("e") + "ing" for verb in _ACTS),
    ]
)
AUXILIARIES = frozenset(
    "is was has had does did will would could should can might must isn wasn hasn hadn doesn didn won wouldn gave went "
    "made took saw came left held put kept found began brought drew got heard led meant met ran sat sent set stood taught "
    "understood chose lost spent laid sought fought struck shook threw knew broke drove caught bought swore himself herself who whose".split()
)
ADVERBS = frozenset("also then later never once still too again alone even only just nearly again twice".split())
ASIDES = frozenset(
    "in turn|in reply|in response|for one|for her|for his|for their|at first|at once|no longer|not only|of course|as well|"
    "et al|by contrast|as chair|on balance|in general|in short|in particular|as ever|as usual|as before".split("|")
)
ARTICLES = frozenset("the a an this these those our their its my your no any each every some such".split())
LINKS = frozenset(
    "of in on at for and or to that which who with by from as than over under against but if when where because is are "
    "was were not".split()
)
# Words of every text that are whole surnames too: He, She, They, Some, One. At the start of a sentence they tell nothing.
EVERYDAY = frozenset(
    "he she we they it i you me my him her us them his its our their one some many few all most none other others another "
    "each both several so do go no to an as at be by in is of on or up if who what how why when where this that these those "
    "here there now then yes not but and the a only also more less such same any participants allies partners experts "
    "officials speakers members states".split()
)
LEAD_TO_DATES = frozenset("in since until till early late mid end last next this every each during around past".split())
ORDINALS = frozenset("st nd rd th".split())
LEAD_TO_PLACES = frozenset(
    "in within across inside outside near throughout around via into at over beyond through".split()
)
OTHERS = frozenset("others another two three four several colleagues her his their all some many".split())
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
FREQUENT, ROLES, MONTHS, PLACES = (_LIST[name] for name in ("words", "roles", "months", "places"))
PLURALS, PHRASES = _LIST["plurals"], _LIST["phrases"]
OFTEN_FIRST = FREQUENT | MONTHS
COMMON = FREQUENT | ROLES | MONTHS | PLACES | _LIST["seldom"] | _LIST["given"]
# What starts a sentence with a capital of no meaning, so that the next one has its own.
OPENERS = (
    FREQUENT
    | LINKS
    | frozenset(
        "both either neither yesterday today earlier afterwards finally however meanwhile therefore instead since although "
        "though because once whereas until then like unlike later here asked".split()
    )
)
