from roman import to_roman

expected = {1: "I", 4: "IV", 9: "IX", 40: "XL", 90: "XC", 400: "CD", 900: "CM", 2024: "MMXXIV", 3999: "MMMCMXCIX"}
for number, numeral in expected.items():
    assert to_roman(number) == numeral, (number, to_roman(number))
for number in (0, -1, 4000):
    try:
        to_roman(number)
    except ValueError:
        pass
    else:
        raise AssertionError(number)
