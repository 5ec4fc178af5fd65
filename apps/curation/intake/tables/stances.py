"""What was said, and how it stands to what it is said of."""

from __future__ import annotations

from apps.taxonomy.words import Stance

VERBS = {
    Stance.SUPPORTS: """
        advise | advocate | affirm | agree | anticipate | appeal | applaud | argue | ask for | assert | assume | attach | back |
        be adamant | be at one | be clear | be confident | be convinced | be eager | be for | be hopeful | be in favor | be in favour |
        be keen | be optimistic | be persuaded | believe | call for | champion | come out for | come out in favour | commend |
        conclude | concur | confirm | consider | contend | declare | deem | defend | demand | echo | emphasise | emphasize |
        encourage | endorse | espouse | expect | extol | favor | favour | feel | find merit | foresee | have no doubt |
        highlight | hold | hope | insist | judge | justify | lean towards | liken | link | lobby | look forward | maintain |
        make a case | make a plea | make the case | make the point | offer | plead | plump for | praise | predict | prefer | press |
        promote | propose | push for | put the case | raise the need | reaffirm | recognise | recognize | reckon | recommend |
        regard | reiterate | see | see merit | share | side with | speak in favor | speak in favour | speak up | speak warmly |
        stand by | stress | subscribe to | take for granted | suggest | support | suspect | think | tie | treat | trust | underline | underscore |
        urge | value | view | want | warm to | welcome | wish
    """,
    Stance.OPPOSES: """
        advise against | argue against | balk | baulk | be against | be alarmed | be critical | be dismissive | be hostile |
        be opposed | be reluctant | be sceptical | be skeptical | be uncomfortable | be unconvinced | be uneasy |
        be unpersuaded | be wary | be worried | beg to differ | bemoan | bristle | cast doubt | caution against | challenge |
        condemn | contest | counter | criticise | criticize | decry | deny | deplore | deride | disagree | disapprove |
        discount | discourage | dismiss | dispute | dissent | distrust | doubt | downplay | express concern about |
        express concern over | express doubts | fear | find no | find too | lament | mistrust | mock | object | oppose | play down |
        pour cold water | protest | push back | query | question | raise doubts | rebut | refuse | refute | regret | reject |
        repudiate | resist | ridicule | rule out | scoff | see little | see no | shy away | speak against | take exception |
        take issue | turn down | veto | voice concern about | voice concern over | voice concerns about |
        voice concerns over | voice doubts | warn against | worry about
    """,
    Stance.QUALIFIES: """
        accept | acknowledge | admit | agree in part | agree only | allow | be ambivalent | be cautious | be guarded | be more guarded | be prepared to go along | be hesitant |
        be lukewarm | be open to | be torn | be undecided | be unsure | caution | concede | express reservations | grant |
        have mixed feelings | have reservations | hedge | hesitate | qualify | remind | signal openness | stop short | temper |
        voice reservations | warn | waver
    """,
    Stance.NEUTRAL: """
        add | answer | count | walk | ask | be aware | be told | brief | bring up | cite | clarify | come up | comment | compare |
        concentrate on | define | describe | discuss | distinguish | draw attention | dwell on | elaborate | exchange | explain |
        feature | find | flag | focus on | identify | indicate | inform | joke | list | mention | muse | never see | note |
        notice | observe | outline | point out | point to | portray | present | put | quip | quote | raise | recall | recount |
        refer | reflect | relate | remark | reply | report | respond | resurface | return to | review | revisit | say | show |
        sketch | speak about | speak of | specify | speculate | state | sum up | summarise | summarize | surface | talk about |
        talk of | testify | touch on | trace | wonder
    """,
}
IRREGULAR = {
    "admit": "admitted admitting",
    "be": "is are was were been being",
    "beg": "begged begging",
    "bring": "brought",
    "cast": "cast casts casting",
    "come": "came",
    "concur": "concurred concurring",
    "deny": "denied denies",
    "draw": "drew drawn",
    "dwell": "dwelt dwelled",
    "feel": "felt",
    "find": "found",
    "flag": "flagged flagging",
    "foresee": "foresaw foreseen",
    "have": "has had having",
    "hold": "held",
    "identify": "identified identifies",
    "justify": "justified justifies",
    "make": "made",
    "plead": "pleaded pled",
    "prefer": "preferred preferring",
    "put": "put puts putting",
    "qualify": "qualified qualifies",
    "query": "queried queries",
    "quip": "quipped quipping",
    "rebut": "rebutted rebutting",
    "refer": "referred referring",
    "regret": "regretted regretting",
    "relate": "related",
    "reply": "replied replies",
    "rule": "ruled ruling",
    "say": "said",
    "see": "saw seen",
    "show": "showed shown",
    "shy": "shied shies",
    "signal": "signalled signaled signalling signaling",
    "speak": "spoke spoken",
    "specify": "specified specifies",
    "stand": "stood",
    "stop": "stopped stopping",
    "sum": "summed summing",
    "take": "took taken",
    "tell": "told",
    "testify": "testified testifies",
    "think": "thought",
    "worry": "worried worries",
}
# Without a verb, as notes have it: “one voice strongly against”.
SHORT = {
    Stance.SUPPORTS: "strongly in favour | in favour of | in favor of | keen on | main point",
    Stance.OPPOSES: "strongly against | firmly against | against | opposed to | sceptical of | skeptical of | wary of",
}
# Phrases that say it without anybody who holds it.
IMPERSONAL = {
    Stance.SUPPORTS: """
        optimism about | enthusiasm for | agreement on | general agreement | there was broad support | there was support | there was consensus | there was agreement | there was broad consensus |
        there was broad agreement | there was general agreement | there was wide support | there was strong support | calls for |
        the case was made | consensus | unanimously | agreement that | of one mind | a plea | were urged | was urged | are urged |
        would like | support for | a case for | the case for | there can be no doubt | no doubt that | common ground |
        majority view | no dissent | in the view of
    """,
    Stance.OPPOSES: """
        pushback | push-back | pessimism about | scepticism about | skepticism about | doubts about | concern about | concerns about |
        concern over | concerns over | no enthusiasm | little enthusiasm | there was opposition | there was scepticism | there was skepticism | there was little support | there was no support |
        there were doubts | there was doubt | too vague | too weak | no lessons | little appetite | no appetite
    """,
    Stance.QUALIFIES: "there was qualified support | there was cautious support | not without | with reservations",
    Stance.NEUTRAL: """
        mention was made | split down the middle | was split | were split | opinions were split | opinions were divided | opinions differed | views differed | views were divided | views diverged | was divided |
        were divided | differed widely | there was concern | there was debate | there was discussion | there was disagreement |
        according to | in the words of | in the opinion of | account of | no agreement | no consensus | was unclear
    """,
}
# After what was said: it is held with a condition or a doubt.
CONDITIONS = """
    but | only if | only for | if only | provided | as long as | so long as | on condition | unless | though | although | albeit |
    and yet | yet doubted | yet questioned | yet did | however | with reservations | in part | to a point | up to a point |
    within limits | not without | without being | without any promise | in principle | on the understanding | not at any price | not the whole story | with caveats | with some caveats
"""
# The same of a bare statement, in which most of those are about something else.
LIMITS = ", though | , although | up to a point | to a point | within limits | not without | not at any price | not the whole story"
NEGATIONS = "not | n't | never | no longer | hardly | cannot"
# Of a bare statement, where nobody is said to hold it.
DEONTIC = {
    Stance.OPPOSES: """
        should not | must not | ought not | shouldn't | mustn't | should never | must never | is the wrong | is wrong |
        is a mistake | would be a mistake | is dead | is a myth | is an illusion | is misguided | is overrated | has outlived
    """,
    Stance.SUPPORTS: """
        should | ought to | do well to | high time to | high time that | would be wise to | must | needs to | need to | is essential | is crucial | is vital | is overdue | is long overdue |
        was long overdue | is indispensable | is needed
    """,
}
