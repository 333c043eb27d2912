"""Numbers as the Romans wrote them."""

SYMBOLS = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")]
SYMBOLS += [(40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def to_roman(number):
    """Return a number as a Roman numeral."""
    if not 1 <= number <= 3999:
        raise ValueError(number)
    numeral = ""
    for value, symbol in SYMBOLS:
        count, number = divmod(number, value)
        numeral += symbol * count
    return numeral
