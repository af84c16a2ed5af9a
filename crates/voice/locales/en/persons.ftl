# Personal data: erasing by rule and by hand.
personal-data-title = Erasing personal data
personal-data-tab = Personal data
personal-data-lead = Names, phones and addresses of customers and recipients are needed while an order is on its way. Afterwards they can be erased: by rule, or by hand on the card of an order or a customer.
persons-erased = Data erased
persons-erased-at = Personal data erased { $time }. Ozon’s answers do not bring it back.
erasing-rule-title = Rule
erasing-rule-on = { $count ->
    [one] Data of customers and recipients is erased { $n } day after delivery or cancellation.
   *[other] Data of customers and recipients is erased { $n } days after delivery or cancellation.
}
erasing-rule-off = The rule is off: personal data is kept without a limit.
erasing-rule-help = You switch the rule on at the next step. Vygruzka checks it once an hour and erases a little at a time, without holding up the loads. The days count from when a posting was first seen delivered or cancelled.
erasing-days = Erase after, days
erasing-look = See what would be erased
erasing-proposed-title = { $count ->
    [one] Erase after { $n } day?
   *[other] Erase after { $n } days?
}
erasing-switch-on = Switch the rule on
erasing-change = Change the rule
erasing-switch-off = Switch the rule off
erasing-touches = The rule touches now: { $what }.
erasing-touches-nothing = The rule touches nothing now.
erasing-touches-soon = This goes at once, the rest when its time has come.
erasing-last-title = Recent erasures
erasing-last-none = Nothing has been erased yet.
erasing-by-rule = { $count ->
    [one] by rule, after { $n } day
   *[other] by rule, after { $n } days
}
erased-orders = { $count ->
    [one] { $n } order
   *[other] { $n } orders
}
erased-customers = { $count ->
    [one] { $n } customer
   *[other] { $n } customers
}
erased-postings = { $count ->
    [one] { $n } posting without an order
   *[other] { $n } postings without an order
}
erased-orders-many = more than { $n } orders
erased-customers-many = more than { $n } customers
erased-postings-many = more than { $n } postings without an order
fault-erasing-days = A whole number of days, from 1 to 3650.
erase-persons = Erase personal data…
erase-title = Erase personal data
erase-button = Erase for good
erase-irrevocable = What is erased cannot be brought back. Backups of the database stay as they are.
erase-goes-title = What goes
erase-goes-people = Name, phone, e-mail and address of the customer and the recipient, name and tax number of a legal entity
erase-goes-comments = The shop’s comment on the order, since it may hold names
erase-goes-history = Earlier names and comments in the order’s history
erase-goes-raw = Ozon’s raw answers about the posting
erase-goes-requests = The customer’s words in a request to cancel, and the answer to it
erase-goes-search = Name and phone in the search
erase-goes-customer = The customer’s card, unless other orders of theirs hold data
erase-goes-own-customer = Name, phone, e-mail and comment on the customer’s card
erase-goes-orders = { $count ->
    [one] Personal data in { $n } finished order, its history and Ozon’s answers
   *[other] Personal data in { $n } finished orders, their history and Ozon’s answers
}
erase-going-on = { $count ->
    [one] { $n } order is not finished. Its data is needed for the delivery and stays.
   *[other] { $n } orders are not finished. Their data is needed for the delivery and stays.
}
erase-goes-orders-many = Personal data in more than { $n } finished orders, their history and Ozon’s answers
erase-going-on-many = More than { $n } orders are not finished. Their data is needed for the delivery and stays.
erase-stays = Goods, sums, numbers, statuses, barcodes and dates stay. The order’s history will say who erased the data and when.
erase-stays-unbound = Postings of this customer that became no order stay, but for those of these same Ozon orders: the rule erases them.
erase-stays-views = Saved views of the list of orders that search for a name or a phone stay with whoever saved them.
event-persons-erased = Personal data erased
why-erased-after = { $count ->
    [one] By rule: { $n } day after delivery or cancellation.
   *[other] By rule: { $n } days after delivery or cancellation.
}
flash-erasing-on = The rule is on. What is due is being erased.
flash-erasing-off = The rule is off. What was erased before does not come back.
flash-persons-erased = Personal data erased.
flash-not-ended = The order is not finished: its data is needed for the delivery.
