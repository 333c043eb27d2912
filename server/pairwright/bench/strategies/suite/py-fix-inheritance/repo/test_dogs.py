import unittest

from dogs import Dog


class DogTest(unittest.TestCase):
    def test_name(self):
        self.assertEqual(Dog("Rex", "Collie").name, "Rex")

    def test_describe(self):
        self.assertEqual(Dog("Rex", "Collie").describe(), "Rex, a Collie")


if __name__ == "__main__":
    unittest.main()
