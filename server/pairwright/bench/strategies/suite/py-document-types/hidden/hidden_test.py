from texts import shorten, vowels

assert shorten.__annotations__ == {"text": str, "length": int, "return": str}
assert vowels.__annotations__ == {"text": str, "return": int}
assert shorten("abc", 3) == "abc"
