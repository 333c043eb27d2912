from pathlib import Path

answer = Path("ANSWER.txt").read_text().strip().strip("`").removesuffix("()")
assert answer.split(".")[-1] == "fee_for", answer
