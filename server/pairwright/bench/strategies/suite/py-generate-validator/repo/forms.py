"""What people fill in."""

FIELDS = ("name", "age", "email")
