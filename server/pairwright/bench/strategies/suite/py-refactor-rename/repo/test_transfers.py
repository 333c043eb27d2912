import unittest

from accounts import Account
from transfers import transfer


class TransferTest(unittest.TestCase):
    def test_transfer(self):
        first, second = Account(10), Account()
        transfer(first, second, 4)
        self.assertEqual((first.balance, second.balance), (6, 4))


if __name__ == "__main__":
    unittest.main()
