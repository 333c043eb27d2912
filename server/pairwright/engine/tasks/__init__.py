"""How does a task go? From what was asked to a proposal, an explanation, or a stop."""
