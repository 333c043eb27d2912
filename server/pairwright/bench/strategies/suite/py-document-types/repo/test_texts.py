import unittest

from texts import shorten, vowels


class TextTest(unittest.TestCase):
    def test_values(self):
        self.assertEqual(shorten("abcdef", 4), "abc…")
        self.assertEqual(vowels("Aeon"), 3)

    def test_types(self):
        self.assertEqual(shorten.__annotations__.get("return"), str)


if __name__ == "__main__":
    unittest.main()
