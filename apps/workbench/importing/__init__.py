"""Importing a file of any format: tried first, kept whole or not at all, and taken back if it was wrong."""
