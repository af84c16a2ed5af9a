-- The folded texts that products are found by, as `order_search` has those of orders.
CREATE VIRTUAL TABLE product_search USING fts5(text, tokenize = 'trigram');
