"""Entries of one kind as a table: to take along, to fill in, and to be read back.

The columns are told once, in `columns`. `sheets` reads a file into rows of cells, `writing` writes one. `planning`
compares rows with the entries as they are; nothing is changed until `applying` does what was planned.
"""
