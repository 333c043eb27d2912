-- Which cities sell the most?
SELECT city, SUM(amount) AS total
FROM sales
GROUP BY city
HAVING total > 100
ORDER BY total DESC;
