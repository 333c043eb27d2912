"""How is a name followed to what it means? In the steps that `index.resolution` joins."""
