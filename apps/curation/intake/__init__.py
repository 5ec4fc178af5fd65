"""From an analyst's notes, in whatever file they are, to positions that wait for her: nothing here decides anything.

`reading` turns a file into plain text; `pieces` takes a text apart into headings, bullets and sentences; `candidates`
reads from each what it claims, who holds it and what it is about. `wording` has the tables of words that they go by.
"""
