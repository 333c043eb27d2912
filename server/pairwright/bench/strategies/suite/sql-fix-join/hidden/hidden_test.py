import sqlite3
from pathlib import Path

database = sqlite3.connect(":memory:")
database.executescript("""
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER);
INSERT INTO customers VALUES (3, 'Zoe'), (1, 'Ann'), (2, 'Ann');
INSERT INTO orders VALUES (1, 3), (2, 3), (3, 1);
""")
rows = database.execute(Path("report.sql").read_text()).fetchall()
assert sorted(rows) == [("Ann", 0), ("Ann", 1), ("Zoe", 2)], rows
assert rows[-1] == ("Zoe", 2)
