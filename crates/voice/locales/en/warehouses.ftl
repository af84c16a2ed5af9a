# Warehouses and delivery methods of a cabinet, order and deletion of rows of lists, the number template.
warehouses-title = Warehouses and delivery methods
warehouses-lead = Orders of an Ozon warehouse or delivery method can have their own source, delivery method and payment method.
warehouses-read = Refresh from Ozon
warehouses-read-at = Updated
warehouses-empty = No warehouses have been read
warehouses-empty-text = The cabinet’s warehouses and delivery methods will stand here, each with a choice of source and methods.
warehouses-help = A delivery method’s rule overrides its warehouse’s, and both override the cabinet’s settings. New orders follow them, earlier ones stay. Ozon reports delivery methods only for realFBS; elsewhere the warehouse’s rule applies.
settings-of-cabinet = The cabinet’s order settings
warehouses-no-role = The key has no role for warehouses and delivery methods. Give it one in Ozon’s cabinet and read again.
warehouses-no-role-for-methods = The warehouses were read, but the key has no role for delivery methods. Give it one in Ozon’s cabinet and read again.
warehouses-no-role-for-warehouses = The delivery methods were read, but the key has no role for warehouses. Give it one in Ozon’s cabinet and read again.
warehouses-unknown-choice = Nothing was saved: a chosen source or method is no longer in the lists. Choose another.
warehouse-as-cabinet = As the cabinet: { $name }
warehouse-unnamed = Warehouse { $id }
warehouse-unknown = Warehouse not known
warehouse-read-at = updated
warehouse-not-listed = Ozon has not told of it yet
ozon-method-unnamed = Delivery method { $id }
ozon-method-off = switched off at Ozon
column-place = Warehouse, Ozon method
flash-warehouses-saved = Saved. New orders will get what was chosen.
flash-warehouses-read = { $count ->
    [one] Read: { $n } warehouse with its delivery methods.
   *[other] Read: { $n } warehouses with their delivery methods.
}
event-assigned = Assigned: { $what }
assigned-source_id = source
assigned-delivery_method_id = delivery method
assigned-payment_method_id = payment method
why-rule-of-warehouse = By the rule of the warehouse “{ $name }”.
why-rule-of-delivery-method = By the rule of Ozon’s delivery method “{ $name }”.
uses-orders = { $count ->
    [one] { $n } order
   *[other] { $n } orders
}
uses-no-orders = no orders
uses-cabinet = Cabinet “{ $name }”: { $what }
status-order-help = The arrow buttons change the order.
status-order-keys = On the keyboard: Alt+↑ and Alt+↓.
status-up = Move up: { $name }
status-down = Move down: { $name }
named-installed = from the installation
named-installed-help = It can be renamed but not deleted: the default settings refer to it.
customer-no-orders = No orders yet.
number-template-counter = The sequence number grows with every order and never restarts.
number-template-try = Show an example
fault-template-word = Nothing stands for { $word }. Use #NUMBER#, #YEAR#, #MONTH# and #DAY#.
fault-one-line = { $count ->
    [one] One line of at most { $n } character.
   *[other] One line of at most { $n } characters.
}
fault-too-long = { $count ->
    [one] At most { $n } character.
   *[other] At most { $n } characters.
}
