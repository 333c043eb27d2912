import tempfile
import unittest
from pathlib import Path

from count import lines_of
from find import contains, first_line


class CallersTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name, "a.txt")
        self.path.write_text("äh\nb\n", encoding="utf-8")

    def test_count(self):
        self.assertEqual(lines_of(self.path), 2)

    def test_contains(self):
        self.assertTrue(contains(self.path, "b"))

    def test_first_line(self):
        self.assertEqual(first_line(self.path), "äh")


if __name__ == "__main__":
    unittest.main()
