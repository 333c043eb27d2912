import unittest

from rows import to_line


class LineTest(unittest.TestCase):
    def test_plain(self):
        self.assertEqual(to_line(["a", 1]), "a,1")

    def test_comma(self):
        self.assertEqual(to_line(["a,b", "c"]), '"a,b",c')

    def test_quote(self):
        self.assertEqual(to_line(['say "hi"']), '"say ""hi"""')


if __name__ == "__main__":
    unittest.main()
