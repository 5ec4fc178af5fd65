"""A copy of the public site as files, for reading it without a server: what is in it, and how it is made."""
