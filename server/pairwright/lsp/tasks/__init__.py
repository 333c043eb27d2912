"""How does an editor have work done? Code actions, commands, and our own requests."""
