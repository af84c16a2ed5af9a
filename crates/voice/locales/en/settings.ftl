# Order settings.
settings-title = Order settings
settings-orders = Orders
settings-processing = Order processing
settings-faults = { $count ->
    [one] Nothing was saved: mend { $n } field.
   *[other] Nothing was saved: mend { $n } fields.
}
settings-afterwards = Saved for new orders only. The loaded ones can be changed now as well:
settings-afterwards-link = See what would change

setting-schedule-enabled = Load by schedule
setting-schedule-enabled-help = New orders and statuses are loaded automatically.
setting-schedule-every = Interval
setting-schedule-every-help = Express orders cannot wait: a few minutes are best.
setting-schedule-at = Start time
setting-schedule-at-help = For intervals in days, in the shop’s time ({ $zone }).
setting-source_id = Source of loaded orders
setting-source_id-help = Set on orders from Ozon.
setting-customer_id = Assign orders to a customer
setting-customer_id-help = Ozon’s name and address stay on the order in any case.
setting-posting_number_to = Load the posting number
setting-posting_number_to-help = If the posting number goes into the customer’s name, the order number is made
settings-by-template = by the template
settings-change-statuses = List of statuses
setting-order_date = Record the order with the date and time
setting-order_date-help = Both times are kept; the setting chooses the order’s date.
setting-methods = Default delivery / payment method
setting-methods-help = Set on orders when they are loaded.
setting-delivery_method_id = Default delivery method
setting-payment_method_id = Default payment method
setting-also_awaiting_deliver = Also load orders in the status “Awaiting shipping”
setting-also_awaiting_deliver-help = Switch it on if you also pack in the Ozon cabinet: orders begun there are left out otherwise.
setting-load_barcode = Load the barcode
setting-load_barcode-help = The label’s barcodes go into the order’s additional data.
setting-load_from = Load postings from the date
setting-load_from-help = Older ones make no order, except those not yet packed.
setting-status_map = Status map
setting-status_map-help = Acts once, when Ozon’s status changes; a status that you set stands until then.
setting-on_cancel = When cancelled at Ozon
setting-on_cancel-help = What becomes of the order when its posting is cancelled.
setting-mark_paid_when_delivered = Mark as paid when the order is completed
setting-mark_paid_when_delivered-help = When Ozon says “Delivered” and the order is in the mapped status. What was marked by hand stays.
setting-schedule = Load by schedule
setting-row = { $setting } · { $row }

every-unit = Unit of the interval
every-minutes = min
every-hours = h
every-days = d
customer-each = One for each Ozon customer
customer-of-ozon-too = { $name } (from Ozon)
posting-number-to-order-number = into the order number
posting-number-to-customer-name = into the customer’s name
order-date-placed = at which the customer placed it at Ozon
order-date-imported = at which it was loaded into the shop
map-ozon = Status at Ozon
map-shop = Order status
map-stays = — leave as it is —
map-substatuses = In more detail, if needed
map-substatuses-help = A row that is filled in goes before the row of the status it belongs to.
map-unknown = Unknown statuses
map-unknown-help = Ozon has shown them, but they are not in the documentation that we know.
cancel-before-work = Work has not begun
cancel-in-work = The order is in work
cancel-shipped = Already shipped
cancel-flag-in-work = mark “Cancelled at Ozon — do not ship”
cancel-flag-shipped = mark “Return expected”
fault-every = A whole number: 1 to 1440 minutes, 1 to 168 hours, 1 to 31 days.
fault-time = A time as HH:MM.
time-form = HH:MM
fault-date = A date as YYYY-MM-DD.
fault-choice = It is no longer in the list, choose another.
versions-title = Versions
version-first = Settings when the cabinet was added
version-other = Other changes
value-on = on
value-off = off
value-none = not set
value-not-sent = nothing is sent
value-flag = mark

effect-title = What changes in the loaded orders
effect-lead-unsaved = Nothing has been saved yet. Once saved, the settings apply to new orders whichever button you choose.
effect-lead-saved = The settings are saved and apply to new orders. Loaded ones change only if you apply them.
effect-overtaken = The settings changed while you were looking. Nothing was done: see what would change now.
effect-none = Nothing changes in the loaded orders.
effect-moved = { $count ->
    [one] Order changing status
   *[other] Orders changing status
}
effect-paid = { $count ->
    [one] Order becoming paid
   *[other] Orders becoming paid
}
effect-barcodes = { $count ->
    [one] Order getting barcodes
   *[other] Orders getting barcodes
}
effect-made = { $count ->
    [one] New order
   *[other] New orders
}
effect-pushes = { $count ->
    [one] Push to Ozon
   *[other] Pushes to Ozon
}
effect-letters = { $count ->
    [one] Letter
   *[other] Letters
}
effect-orders = { $count ->
    [one] { $n } order
   *[other] { $n } orders
}
effect-moved-title = Statuses
effect-moved-help = Statuses that a person set, and final cancellations, stay.
effect-made-title = New orders by day
effect-made-help = Of postings that are loaded already but made no order. The day is when Ozon began to process them.
effect-changes-title = Settings
effect-save-and-apply = { $count ->
    [one] Save and apply to { $n } order
   *[other] Save and apply to { $n } orders
}
effect-save-for-new = Save for new orders only
effect-apply = { $count ->
    [one] Apply to { $n } order
   *[other] Apply to { $n } orders
}
effect-back = Back
days-before = { $from } – { $to }
days-unknown = no date
settings-apply-to-postings = Apply to loaded ones
settings-seller-delivery = Delivery by the seller
setting-also_box_changes = Also load changes in packages
setting-also_box_changes-help = A posting that is split becomes several orders. When off, changes are only noted.
setting-send_track_numbers-help = A track number filled in or changed on an order goes to Ozon.
setting-seller_delivery-help = With this status of the order the posting moves at Ozon to { $step }.
delivery-not-sent = — nothing is sent —
setting-notify_new_orders = Send a letter about orders loaded from Ozon
setting-notify_new_orders-help = One letter a load with all new orders in it, to the administrator.
setting-notify_status_changes = Send a letter about status changes at Ozon
setting-notify_status_changes-help = One letter a load with what changed at Ozon. What we told Ozon ourselves is not in it.
settings-no-mail = Mail is not set up, so there are no letters yet.
settings-set-up-mail = Set up mail
