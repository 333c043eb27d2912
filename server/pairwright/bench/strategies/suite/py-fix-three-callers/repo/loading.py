"""Files as text."""


def load(path, encoding):
    """Return the text of a file."""
    with open(path, encoding=encoding) as file:
        return file.read()
