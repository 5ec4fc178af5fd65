"""The fixed list of queries: from no filter and very common words to narrow ones.

They are in the words of the synthetic corpus (apps/gate/invention.py) and of the shipped vocabulary. ``{workshop}``
stands for the identifier of a workshop of the corpus.
"""

BROWSE = (
    # everything, and deep into it
    "",
    "page=2",
    "page=300",
    "sort=oldest",
    # one word: in every record, in most, in many, in few, in hardly any, in none
    "q=synthetic",
    "q=the",
    "q=deterrence",
    "q=escalation",
    "q=sanctions",
    "q=Barcaldor",
    "q=deterence",
    "q=xylophone",
    # several words
    "q=extended+deterrence",
    "q=allies+nuclear+planning",
    "q=missile+defence+resilience+logistics",
    "q=smaller+allies+should+rehearse+visible+assurance+before+a+crisis",
    # the query language
    "q=%22extended+deterrence%22",
    "q=%22before+a+crisis%22+-nuclear",
    "q=assurance+OR+escalation",
    "q=deterrence+-allies",
    "q=region%3Aindo-pacific+planning",
    "q=theme%3Atwo-peer-problem+year%3A2018..2023",
    "q=by%3Aofficials+deterrence",
    "q=deterrence&sort=newest",
    "q=deterrence&page=50",
    # one facet
    "kind=position",
    "region=indo-pacific",
    "region=europe",
    "theme=two-peer-problem",
    "stance=opposes",
    "year=2021",
    "year=2018..2023",
    "tag=extended+deterrence",
    "holder=participants",
    "rule=chatham_house",
    "workshop={workshop}",
    # several facets, with and without words
    "region=indo-pacific&region=europe",
    "region=indo-pacific&theme=two-peer-problem&stance=supports",
    "kind=position&region=europe&stance=opposes&year=2018..2023&rule=chatham_house",
    "q=nuclear+planning&region=indo-pacific&stance=supports&year=2022",
)

# Pages of figures, and of all that is known about one thing
FIGURES = (
    "/matrix/",
    "/map/",
    "/lessons/",
    "/map/?region=europe",
    "/map/?q=deterrence&stance=opposes",
    "/compare/?region=indo-pacific&region=europe",
    "/compare/?by=year&year=2020&year=2021&year=2022&year=2023",
    "/compare/?by=theme&theme=two-peer-problem&theme=gray-zone&region=europe",
    "/themes/two-peer-problem/",
    "/regions/europe/",
    "/workshops/{workshop}/",
)

# Networks of all positions; {least} is a threshold too low to matter, which makes each question a new one
NETWORKS = (
    "/analysis/networks/?least={least}",
    "/analysis/networks/?normalise=jaccard&least={least}",
    "/analysis/networks/?ties=subtract&normalise=cosine&least={least}",
    "/analysis/networks/?ties=two-mode-subtract&least={least}",
    "/analysis/networks/?actors=region&ties=two-mode-combine&least={least}",
    "/analysis/networks/?ties=propositions-congruence&least={least}",
)
