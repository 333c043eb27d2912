import csv

from rows import to_line

for values in (["a", "b"], ["a,b", 'c"d', "e"], ["", "x"], ['","'], ['"']):
    (row,) = csv.reader([to_line(values)])
    assert row == values, (values, to_line(values))
assert to_line([1, 2.5]) == "1,2.5"
