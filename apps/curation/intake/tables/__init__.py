"""The words that notes are read by: tables, to be read and corrected by somebody who writes such notes.

Words are separated by spaces, phrases by bars; where they go over several lines, the ends of the lines are spaces too. Verbs
are given in their plain form; `phrases.verbs` makes the others.
"""
