from slugs import slugify

assert slugify("One") == "one"
assert slugify("  Two words ") == "two-words"
assert slugify("A -- B") == "a-b"
assert slugify("***") == ""
assert slugify("Route 66!") == "route-66"
