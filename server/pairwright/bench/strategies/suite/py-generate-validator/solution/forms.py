"""What people fill in."""

FIELDS = ("name", "age", "email")


def errors_of(form):
    """Return what is wrong with a form."""
    errors = []
    if not str(form.get("name") or "").strip():
        errors.append("name is missing")
    age = form.get("age")
    if not isinstance(age, int) or not 0 <= age <= 150:
        errors.append("age must be a number from 0 to 150")
    parts = str(form.get("email") or "").split("@")
    if len(parts) != 2 or not all(parts):
        errors.append("email is wrong")
    return errors
