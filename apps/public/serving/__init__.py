"""What whoever runs a site sees of it: whether it is well, how quick it is, what it does. It stands in the public wing,
so it can tell nothing that is private."""
