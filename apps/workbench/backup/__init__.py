"""All that an instance holds in one file, and back again. The format is described in docs/backup.md.

`tables.py` knows what is kept of the database and how a row goes out and in, `archive.py` the file, `sealing.py` its
encryption, `restoring.py` what has to be so before rows go in, `drill.py` whether a file is good.
"""


class Refused(Exception):  # noqa: N818
    """This can't be done, in words for whoever asked for it."""
