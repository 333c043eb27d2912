"""Who does what? One module a strategy, named as in the papers."""
