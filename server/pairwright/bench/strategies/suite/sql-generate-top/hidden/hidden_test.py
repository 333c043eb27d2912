import sqlite3
from pathlib import Path

database = sqlite3.connect(":memory:")
database.executescript(Path("schema.sql").read_text())
sales = [("A", 100), ("B", 101), ("C", 300), ("C", -50), ("D", 50), ("D", 50)]
database.executemany("INSERT INTO sales (city, amount) VALUES (?, ?)", sales)
rows = database.execute(Path("top.sql").read_text()).fetchall()
assert rows == [("C", 250), ("B", 101)], rows
