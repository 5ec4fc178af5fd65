"""How our commands end, but for 0, where it was done or there was nothing to do."""

REFUSED = 1  # or it failed: what was asked for can't be had
USAGE = 2  # it was asked for wrongly, or a file can't be read or written
BUSY = 3  # the database, or what else is needed, can't do it now: try again
