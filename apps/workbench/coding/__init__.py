"""The coding view: a source text on the one side, the positions found in it on the other."""
