from invoices import invoice_line
from orders import Order

assert Order([(10, 1), (5, 2)]).total() == 20
assert Order([(10, 1), (5, 2)], discount=0.25).total() == 15
assert invoice_line(Order([(1, 1)])) == "To pay: 1.00"
assert invoice_line(Order([(10, 1)], 0.1)) == "To pay: 9.00"
