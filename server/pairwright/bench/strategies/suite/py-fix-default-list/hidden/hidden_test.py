from basket import Basket

first, second = Basket(), Basket()
first.add("tea")
first.add("tea")
assert first.count("tea") == 2
assert second.items == []
start = ["milk"]
third = Basket(start)
assert third.count("milk") == 1
assert Basket([]).items == []
