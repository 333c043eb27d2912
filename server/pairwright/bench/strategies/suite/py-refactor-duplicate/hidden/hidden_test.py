from pathlib import Path

import prices

assert prices.round_cents(1.234) == 1.23
assert prices.round_cents(1.236) == 1.24
assert prices.gross_price(9.99) == 11.99
assert prices.net_price(1) == 0.83
assert Path("prices.py").read_text().count("0.5") == 1, "the rounding is written once"
