from forms import errors_of

right = {"name": "Ann", "age": 30, "email": "a@b"}
NAME, AGE, EMAIL = "name is missing", "age must be a number from 0 to 150", "email is wrong"
assert errors_of({}) == [NAME, AGE, EMAIL]
assert errors_of({**right, "age": 0}) == [] == errors_of({**right, "age": 150})
for age in (-1, 151, "old", None):
    assert errors_of({**right, "age": age}) == [AGE], age
for email in ("", "@", "a@", "@b", "a@b@c"):
    assert errors_of({**right, "email": email}) == [EMAIL], email
assert errors_of({**right, "name": ""}) == [NAME]
