import sqlite3
from pathlib import Path

database = sqlite3.connect(":memory:")
database.executescript(Path("schema.sql").read_text())
database.executemany(
    "INSERT INTO sales (city, amount) VALUES (?, ?)", [("Rome", 90), ("Oslo", 150), ("Rome", 80)]
)
rows = database.execute(Path("top.sql").read_text()).fetchall()
assert rows == [("Rome", 170), ("Oslo", 150)], rows
