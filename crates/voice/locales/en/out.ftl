# Orders outside the panel: files and paper.
export-act = Export
export-csv = CSV
export-xlsx = XLSX for Excel
export-xlsx-help = Up to 100,000 rows. The file is made whole first: the download begins after a few seconds, for long lists up to a minute.
export-help = A row is one line of an order. The order’s own data is repeated in each of its rows, and so is its total: for sums, add up the column “Sum”. In XLSX numbers and barcodes stay text.
export-file = orders
export-number = Order number
export-posting = Posting number
export-ozon-order = Ozon order number
export-date = Date
export-status = Status
export-ozon-status = Status at Ozon
export-flags = Flags
export-ship-by = Ship by
export-cabinet = Cabinet
export-source = Source
export-scheme = Scheme
export-article = Article
export-sku = SKU
export-product = Product
export-quantity = Quantity
export-cancelled = Cancelled
export-price = Price
export-price-currency = Price currency
export-sum = Sum
export-sum-currency = Sum currency
export-customer-price = Price to the customer
export-customer-price-currency = Currency of the price to the customer
export-total = Order total
export-total-currency = Order total currency
export-delivery-price = Delivery price
export-delivery-price-currency = Delivery currency
export-paid = Payment
export-paid-at = Paid at
export-payment-method = Payment method
export-delivery-method = Delivery method
export-ozon-method = Delivery method at Ozon
export-warehouse = Warehouse
export-carrier = Carrier
export-track-number = Track number
export-boxes = Boxes
export-upper-barcode = Upper barcode
export-lower-barcode = Lower barcode
export-scanit = ScanIt
export-customer = Customer
export-customer-phone = Customer’s phone
export-recipient = Recipient
export-recipient-phone = Recipient’s phone
export-phone-extension = Extension
export-address = Address
export-zip = Postcode
export-company = Company
export-inn = INN
export-comment = Comment
flash-export-too-long = XLSX takes no more than 100,000 rows, and there are more. Narrow the filter or export CSV.

print-act = Print
print-now = Print
print-by-browser = To print this page, press Ctrl+P.
print-as-of = As of { $time }
pick-list-title = Pick list
pick-list-of-all = All orders not shipped yet
pick-list-of-picked = Selected orders
pick-list-orders = { $count ->
    [one] { $n } order
   *[other] { $n } orders
}
pick-list-pieces = { $count ->
    [one] { $n } piece
   *[other] { $n } pieces
}
pick-list-more = { $count ->
    [one] Not all orders are in this list: it is for the first { $n }. Narrow the filter or pick orders.
   *[other] Not all orders are in this list: it is for the first { $n }. Narrow the filter or pick orders.
}
pick-list-cancelled = { $count ->
    [one] { $n } order was cancelled at Ozon and is not in this list: do not send it.
   *[other] { $n } orders were cancelled at Ozon and are not in this list: do not send them.
}
pick-list-gone = { $count ->
    [one] { $n } order has left or is closed already and is not in this list.
   *[other] { $n } orders have left or are closed already and are not in this list.
}
pick-list-empty = Nothing to pick: no order here still has to leave.
pick-list-done = Taken
pick-list-for = For orders
