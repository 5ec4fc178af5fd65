"""What is no claim."""

from __future__ import annotations

# What a line of an agenda or a list of people begins with, before a colon.
LABELS = """
    action | action item | actions | agenda | apologies | attendance | attendees | cc | chair | chairs | date | discussant |
    discussants | from | host | hosts | in attendance | moderator | moderators | next meeting | note | notes | panel | panelists |
    panellists | participants | place | present | rapporteur | rapporteurs | rapporteur's note | reference | references | session |
    source | sources | speaker | speakers | subject | time | title | to | to do | todo | topic | venue
"""
# Lines that say what is being done, or what comes next; alone, or with a few words more.
HOUSEKEEPING = """
    adjourn | adjournment | remarks by | part i | part ii | part iii | part iv | part one | part two | part three | agenda | annex | any other business | aob | appendix | background | break | check with | circulate |
    closing remarks | coffee | coffee break | conclusion | conclusions | contents | day one | day three | day two | dinner |
    discussion | end of day | end of session | follow up | further reading | general discussion | group photo | introduction |
    introductory remarks | key questions | key takeaways | lunch | minutes of | next steps | opening remarks | opening statement |
    photo | program | programme | q&a | questions and answers | rapporteur's note | reading list | recap | reception |
    registration | see annex | see appendix | see page | see slide | send out | slide | summary | table of contents | takeaways |
    tea | tea break | thank you | thanks to | vote of thanks | welcome | welcome and introductions | wrap-up
"""
# What a meeting does that holds nothing: “the second panel discussed”, “participants broke for lunch”.
MEETINGS = """
    afternoon | agenda | conference | day | dialogue | discussion | evening | group | meeting | morning | panel | roundtable |
    seminar | session | workshop | lunch | dinner | coffee | reception | drinks
"""
DOINGS = """
    addressed | adjourned | began | broke for | broke up | brought together | closed | considered | convened | covered |
    dealt with | discussed | ended | examined | explored | focused on | followed | gathered | heard from | introduced | looked at |
    met | opened | reconvened | resumed | started | thanked | took place | turned to | was adjourned | was attended | was chaired |
    was closed | was convened | was devoted | was given over | was held | was moderated | was opened | was organised |
    was organized | was served | were held
"""
TITLES = "adm | amb | ambassador | col | dr | gen | general | mr | mrs | ms | prof | professor | sir"
