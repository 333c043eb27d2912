import signal

from depends import install_order

signal.alarm(5)
assert install_order({}) == []
assert install_order({"c": ["b"], "b": ["a"], "a": []}) == ["a", "b", "c"]
for needs in ({"a": ["a"]}, {"a": ["b"], "b": ["a"]}, {"x": [], "a": ["b"], "b": ["c"], "c": ["a"]}):
    try:
        install_order(needs)
    except ValueError as error:
        assert "circle" in str(error)
    else:
        raise AssertionError(needs)
