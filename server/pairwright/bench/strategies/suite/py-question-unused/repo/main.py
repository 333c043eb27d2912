"""The program."""

from tools import double, negate

print(double(3) + negate(1))
