"""How does a test write what a model answers? In edit blocks, as the models are taught."""


def block(path: str, search: str, replace: str) -> str:
    """Return a search/replace block; both texts are whole lines."""
    return f"### FILE {path}\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"


def answer(*blocks: str) -> str:
    """Return a whole answer, with its end mark."""
    return "".join(blocks) + f"### END {len(blocks)}\n"


def edit(path: str, search: str, replace: str) -> str:
    """Return an answer of one block."""
    return answer(block(path, search, replace))
