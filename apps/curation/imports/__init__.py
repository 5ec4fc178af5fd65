"""Files of other programs, read to drafts of what we keep.

Each format is a module whose `read` looks at a file and answers with a `Plan`: drafts, what is wrong with the file, and
what it holds that we can't keep, each with its place. Nothing is written here: the notes' own writer does that, so what
comes in is judged by the same rules. What could choke its reader is read in a process of its own.
"""
