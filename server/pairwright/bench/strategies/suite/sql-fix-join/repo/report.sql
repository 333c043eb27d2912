SELECT customers.name, COUNT(orders.id) AS orders
FROM customers
JOIN orders ON orders.customer_id = customers.id
GROUP BY customers.id
ORDER BY customers.name;
