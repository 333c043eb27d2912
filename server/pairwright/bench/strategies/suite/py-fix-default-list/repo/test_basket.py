import unittest

from basket import Basket


class BasketTest(unittest.TestCase):
    def test_baskets_share_nothing(self):
        first, second = Basket(), Basket()
        first.add("tea")
        self.assertEqual(second.count("tea"), 0)


if __name__ == "__main__":
    unittest.main()
