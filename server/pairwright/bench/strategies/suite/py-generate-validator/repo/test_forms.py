import unittest

from forms import errors_of


class FormTest(unittest.TestCase):
    def test_right(self):
        self.assertEqual(errors_of({"name": "Ann", "age": 30, "email": "a@b"}), [])

    def test_wrong(self):
        self.assertEqual(
            errors_of({"name": " ", "age": 200, "email": "ab"}),
            ["name is missing", "age must be a number from 0 to 150", "email is wrong"],
        )


if __name__ == "__main__":
    unittest.main()
