import sqlite3
from pathlib import Path

database = sqlite3.connect(":memory:")
database.executescript("""
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER);
INSERT INTO customers VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO orders VALUES (1, 1), (2, 1);
""")
rows = database.execute(Path("report.sql").read_text()).fetchall()
assert rows == [("Ann", 2), ("Bob", 0)], rows
