"""How many hold something, who they are and where from."""

from __future__ import annotations

from apps.taxonomy.words import Quantifier, Role, Sector

# --- How many

# Before a noun: “some participants”, “a number of European officials”, “one of the organisers”.
HOW_MANY = {
    Quantifier.ONE: "one | a | an | another | a single | at least one | the first | the second | the third | the last | the "
    "next | the final | the opening | the closing",
    Quantifier.FEW: "a few | few | only a few | very few | a couple of | a handful of | a small number of | a minority of | "
    "two | three | four | two or three | three or four | both | a small minority of",
    Quantifier.SOME: "some | several | a number of | certain | various | other | a group of | five | six | seven | some other | "
    "several other | some but not all | not all | a growing number of | a fair number of",
    Quantifier.MANY: "many | numerous | a large number of | a great many | a good many | dozens of | scores of | a great number "
    "of | a good number of | a large group of | half of | about half | half",
    Quantifier.MOST: "most | most of | the majority of | a majority of | a clear majority of | a large majority of | the great majority of "
    "| the vast majority of | nearly all | almost all | the bulk of",
    Quantifier.ALL: "all | all of | all two | all three | all four | every | each | every one of | no | none of | all but one",
}
# Standing alone: “some argued”, “others held”, “nobody supported”.
ALONE = {
    Quantifier.ONE: "somebody | someone | one",
    Quantifier.FEW: "a few | few | only a few | very few | a couple | a handful | two | three | two or three | a minority | both",
    Quantifier.SOME: "some | several | others | some others | certain among them | not all | not everyone | not everybody",
    Quantifier.MANY: "many | a great many | a good many | a large number | half the room | many others",
    Quantifier.MOST: "most | the majority | a majority | a clear majority | a large majority | the great majority | nearly all | "
    "almost all | nearly everybody | nearly everyone | almost everybody | almost everyone",
    Quantifier.ALL: "all | everybody | everyone | nobody | no one | none",
}
# Said of the room: “there was consensus that”.
OF_THE_ROOM = {
    Quantifier.MOST: "by and large | majority view | prevailing view | broad consensus | broad agreement | general agreement | wide agreement | rough consensus | near consensus "
    "| emerging consensus | largely agreed | generally agreed | broadly agreed | mostly agreed | widely agreed",
    Quantifier.ALL: "no dissent | without dissent | common ground | consensus | unanimous | unanimously | unanimity | of one mind | all agreed | agreed on all sides",
}
# Before one of those that stand alone, where these are not the subject: “was disputed by some”, “pushback from several”.
LEAD_TO_THEM = "by | for | from | among | puzzled | struck | worried"
NEVER_SO = "one | two | three | both"  # nobody is meant by one of these there, as a rule
# Never between a quantifier and its noun: here something else begins.
NEVER_BETWEEN = (
    "of | in | on | to | for | from | that | which | who | and | or | but | is | are | was | were | has | have | had | will | would | "
    "the | a | an | this | these"
)
NOBODY = "no | none of | none | nobody | no one"
NOT_ALL = "not all | not everyone | not everybody | some but not all"
HARDLY_ANYBODY = "few | very few"

# --- Who

# Nouns in the singular, with the sector and the role that each stands for; the plural takes an s, but for IRREGULAR.
HOLDERS: dict[str, tuple[Sector | None, Role | None]] = {
    **dict.fromkeys(
        "participant attendee expert specialist person voice delegate commentator practitioner strategist adviser advisor "
        "colleague planner newcomer member intervention lawyer economist veteran consultant contributor contribution member guest ppl".split(),
        (None, None),
    ),
    **dict.fromkeys(
        "official diplomat minister ambassador policymaker policy-maker bureaucrat civil-servant parliamentarian legislator politician senator envoy negotiator".split(),
        (Sector.GOVERNMENT, None),
    ),
    **dict.fromkeys("officer general admiral commander soldier colonel".split(), (Sector.MILITARY, None)),
    **dict.fromkeys(
        "academic scholar professor historian lecturer student political-scientist".split(), (Sector.UNIVERSITY, None)
    ),
    **dict.fromkeys(
        "analyst think-tanker think-tank-analyst think-tank-expert researcher".split(), (Sector.THINK_TANK, None)
    ),
    **dict.fromkeys("journalist reporter editor".split(), (Sector.MEDIA, None)),
    **dict.fromkeys("industrialist contractor manufacturer".split(), (Sector.INDUSTRY, None)),
    **dict.fromkeys("activist campaigner".split(), (Sector.CIVIL_SOCIETY, None)),
    **dict.fromkeys("scientist engineer physicist".split(), (None, None)),
    **dict.fromkeys("speaker panellist panelist presenter".split(), (None, Role.SPEAKER)),
    **dict.fromkeys("chair moderator chairman chairwoman chairperson".split(), (None, Role.CHAIR)),
    "discussant": (None, Role.DISCUSSANT),
    "rapporteur": (None, Role.RAPPORTEUR),
    **dict.fromkeys("organiser organizer host".split(), (None, Role.ORGANISER)),
    "observer": (None, Role.OBSERVER),
    "representative": (None, None),
    "staff": (None, None),
}
IRREGULAR = {"person": "people", "ppl": "ppl", "staff": "staff", "chairman": "chairmen", "chairwoman": "chairwomen"}
EXPERTS = frozenset("expert specialist analyst scholar watcher hand".split())
# Before a noun, in small letters: what says neither where somebody is from nor that a sentence has begun to say something.
MODIFIERS = "senior | former | retired | junior | younger | national | allied | regional | local | foreign | leading | civilian | outside"
# Of whom there is one at a time, so that “the chair said” is one person.
DEFINITE = frozenset("chair moderator chairman chairwoman chairperson discussant rapporteur presenter".split())
# Before a noun or after “from”: the sector that somebody comes from, whatever the noun.
SECTOR_WORDS = {
    Sector.GOVERNMENT: "government | governmental | ministry | state department | foreign ministry | foreign service | embassy",
    Sector.MILITARY: "military | armed forces | army | navy | air force | defence staff",
    Sector.INTERNATIONAL: "NATO | EU | UN | international | alliance | allied command | international organisations",
    Sector.LABORATORY: "laboratory | lab | national laboratory | laboratories | labs | national laboratories",
    Sector.THINK_TANK: "think-tank | think tank | think tanks",
    Sector.UNIVERSITY: "university | academic | academia | universities",
    Sector.INDUSTRY: "industry | industrial | business | private sector | defence industry",
    Sector.MEDIA: "media | press",
    Sector.CIVIL_SOCIETY: "NGO | NGOs | civil society | civil-society | advocacy",
}

# --- Where from

# The words for a people or its capital, by ISO 3166. Regions of the vocabulary are found by the country's name.
PEOPLES = {
    "AU": "Australian Australians Canberra",
    "BE": "Belgian Belgians",
    "BG": "Bulgarian Bulgarians",
    "BR": "Brazilian Brazilians",
    "BY": "Belarusian Belarusians Minsk",
    "CA": "Canadian Canadians Ottawa",
    "CH": "Swiss",
    "CN": "Chinese Beijing",
    "CZ": "Czech Czechs Prague",
    "DE": "German Germans Berlin",
    "DK": "Danish Danes Copenhagen",
    "EE": "Estonian Estonians Tallinn",
    "ES": "Spanish Spaniards Madrid",
    "FI": "Finnish Finns Helsinki",
    "FR": "French Paris",
    "GB": "British Britons London",
    "GR": "Greek Greeks Athens",
    "HU": "Hungarian Hungarians Budapest",
    "ID": "Indonesian Indonesians Jakarta",
    "IL": "Israeli Israelis",
    "IN": "Indian Indians New-Delhi Delhi",
    "IR": "Iranian Iranians Tehran",
    "IS": "Icelandic Icelanders",
    "IT": "Italian Italians Rome",
    "JP": "Japanese Tokyo",
    "KP": "North-Korean North-Koreans Pyongyang",
    "KR": "South-Korean South-Koreans Korean Koreans Seoul",
    "LT": "Lithuanian Lithuanians Vilnius",
    "LV": "Latvian Latvians Riga",
    "MY": "Malaysian Malaysians",
    "NL": "Dutch",
    "NO": "Norwegian Norwegians Oslo",
    "NZ": "New-Zealander New-Zealanders Wellington",
    "PH": "Philippine Filipino Filipinos Manila",
    "PK": "Pakistani Pakistanis Islamabad",
    "PL": "Polish Poles Warsaw",
    "PT": "Portuguese Lisbon",
    "RO": "Romanian Romanians Bucharest",
    "RU": "Russian Russians Moscow Kremlin",
    "SA": "Saudi Saudis Riyadh",
    "SE": "Swedish Swedes Stockholm",
    "SG": "Singaporean Singaporeans",
    "TH": "Thai Thais",
    "TR": "Turkish Turks Ankara",
    "TW": "Taiwanese Taipei",
    "UA": "Ukrainian Ukrainians Kyiv Kiev",
    "US": "American Americans Washington",
    "VN": "Vietnamese Hanoi",
}
# Other words for regions; of the labels after each, the first that the vocabulary has.
REGION_WORDS = {
    "Asia": "Asia | Asia-Pacific | Indo-Pacific",
    "Asian": "Asia | Asia-Pacific | Indo-Pacific",
    "Asians": "Asia | Asia-Pacific | Indo-Pacific",
    "European": "Europe",
    "Europeans": "Europe",
    "Peninsula": "Korean Peninsula",
    "Nordic": "Nordic countries",
    "Nordics": "Nordic countries",
    "Nordic-Baltic": "Nordic-Baltic region",
    "Baltic": "Baltic states",
    "Central European": "Eastern Europe",
    "Eastern European": "Eastern Europe",
    "Western European": "Western Europe",
    "Middle Eastern": "Middle East",
    "Transatlantic": "North Atlantic | Transatlantic area",
    "Southeast Asian": "Southeast Asia",
    "Northeast Asian": "Northeast Asia",
    "East Asian": "Northeast Asia | East Asia",
}
