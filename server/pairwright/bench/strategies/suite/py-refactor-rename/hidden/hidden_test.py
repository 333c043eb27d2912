from accounts import Account
from transfers import transfer

first, second = Account(10), Account(1)
first.withdraw(2)
transfer(first, second, 3)
assert (first.balance, second.balance) == (5, 4)
assert not hasattr(first, "take")
try:
    first.withdraw(6)
except ValueError:
    pass
else:
    raise AssertionError("there is not so much money")
